using System.CommandLine;
using System.Text;
using DataPlane.Cli.Options;
using DataPlane.Cli.Report;
using DataPlane.Cli.Run;
using DataPlane.Cli.Stress;
using DataPlane.Cli.Units;
using DataPlane.Core.Errors;
using DataPlane.Results;
using DataPlane.Tools.Stress;
using DataPlane.Tools.Stress.Results;
using DataPlane.Tools.Stress.Scenarios;

namespace DataPlane.Cli.Commands;

/// <summary><c>dataplane stress</c>: many migrations, each between two processes of this program, as scenarios say.</summary>
internal sealed class StressCommand
{
    /// <summary>A page with more runs in full is none that a browser opens; those that went wrong go before the others.</summary>
    private const int MostOnPage = 100;

    private readonly StressOptionSet _stress = new();
    private readonly RunOptionSet _run = new();

    public Command Create(ProgramStreams streams)
    {
        var command = new Command("stress", "Migrate many guests under chosen loads, links and faults, and sum up how it went.")
            .With(_stress.All).With(_run.All).With([_run.Guest.Seed, _run.Common.Json, _run.Common.Report, _run.Common.Progress]);
        var runner = new SessionRunner(streams, _run.Common, _run.Guest, MigrationSide.Source);
        command.SetAction((parse, _) => _stress.List.Value(parse) ? List(streams)
            : _stress.Print.Value(parse) is { } set ? Print(streams, set)
            : runner.RunAsync(parse, leaveCtrlC: false, RunAsync));
        return command;
    }

    private static Task<int> List(ProgramStreams streams)
    {
        var keys = new RunOptionSet().Keys;
        foreach (var name in ScenarioSets.Names)
        {
            var set = ScenarioReader.Read(name, ScenarioSets.Text(name), keys);
            streams.Out.WriteLine($"{name,-15} {set.About}");
            foreach (var comparison in set.Comparisons)
                streams.Out.WriteLine($"{"",-15}   {(comparison.Name == comparison.Vary ? "" : comparison.Name + ": ")}{comparison.Vary} {string.Join(", ", comparison.Values)}");
        }
        return Task.FromResult(ExitCodes.Completed);
    }

    private static Task<int> Print(ProgramStreams streams, string set)
    {
        streams.Out.Write(Encoding.UTF8.GetString(ScenarioSets.Text(set)));
        return Task.FromResult(ExitCodes.Completed);
    }

    private async Task<int> RunAsync(MigrationSession session)
    {
        var parse = session.Parse;
        var (parallel, moves) = (_stress.Parallel.Value(parse), _stress.BackAndForth.Value(parse));
        var duration = _stress.Hours.Value(parse) ?? _stress.ForTime.Value(parse);
        var repeat = _stress.Repeat.Value(parse) ?? (duration is null ? 1 : null);
        var cases = new StressScenarios(_stress, _run).Cases(parse);
        StressChecks.Throw(cases, parallel);
        session.Display.Note($"stress: {ForPeople.Counted(cases.Count, "case")}{(repeat is { } times ? $", {(cases.Count == 1 ? "" : "each ")}{(times == 1 ? "once" : $"{ForPeople.Count(times)} times")}" : "")}, seed {session.Seed}");
        var rounds = new StressRounds(parallel, moves);
        var total = repeat is { } each ? $" of {(long)each * cases.Count * parallel * moves}" : "";
        var done = 0;
        session.Display.Show(() => rounds.Progress is { } now ? $"run {done + 1}{total}, {now}" : "starting");
        var runs = await new StressEngine(TimeProvider.System, rounds.RunAsync).RunAsync(
            StressPlan.Rounds(cases, repeat, session.Seed), duration, run =>
            {
                done++;
                session.Display.Note(StressText.Line(run, done));
                if (StressText.Complaint(run, done) is { } complaint) session.Display.Say($"dataplane stress: {complaint}");
            }, session.Cancel);
        session.Display.Show(null);
        return Tell(session, runs);
    }

    private static int Tell(MigrationSession session, IReadOnlyList<StressRun> runs)
    {
        var written = session.Json.TryWrite(StressDocument.Of(runs, session.Seed, session.Interrupts.Happened), session.Display.Say);
        if (!session.Json.TakesStandardOutput) StressText.Write(session.Out, runs, session.Seed);
        written &= runs.Count == 0 || session.Report.TryWrite([.. Paged(runs)], session.Display.Say);
        var code = Code(runs, session.Interrupts.Happened);
        return code == ExitCodes.Completed && !written ? ExitCodes.LackOfResources : code;
    }

    /// <summary>Different memory and a guest in doubt have codes of their own, since they are what a stress is there to find.</summary>
    private static int Code(IReadOnlyList<StressRun> runs, bool interrupted)
    {
        var failed = runs.Where(run => run.Verdict == StressVerdict.Failed).ToList();
        if (failed.Any(run => run.Result.Verify is { Mismatched: > 0 })) return ExitCodes.DifferentMemory;
        if (failed.Any(run => run.Result.Status == MigrationStatus.Uncertain)) return ExitCodes.Uncertain;
        if (failed.Count > 0) return ExitCodes.Failed;
        if (interrupted) return ExitCodes.Interrupted;
        // What proves nothing is no success.
        return runs.All(run => run.Verdict == StressVerdict.Void) ? ExitCodes.Failed : ExitCodes.Completed;
    }

    private static IEnumerable<ReportDocument> Paged(IReadOnlyList<StressRun> runs) => runs
        .Select((run, i) => (Run: run, Number: i + 1))
        .OrderBy(one => one.Run.Verdict == StressVerdict.Failed ? 0 : 1).Take(MostOnPage).OrderBy(one => one.Number)
        .Select(one => new ReportDocument($"run {one.Number}: {one.Run.Round.Case.Title}", one.Run.Result, StressDocument.Run(one.Run).ToJsonString()));
}
