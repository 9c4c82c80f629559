using System.CommandLine;
using DataPlane.Cli.Demo;
using DataPlane.Cli.Options;
using DataPlane.Cli.Output;
using DataPlane.Cli.Run;
using DataPlane.Core.Errors;
using DataPlane.Guests;
using DataPlane.Guests.Work;
using DataPlane.Results;

namespace DataPlane.Cli.Commands;

/// <summary><c>dataplane demo</c>: both sides over loopback, and the proof that the guest arrived whole.</summary>
internal sealed class DemoCommand
{
    private const long SlowestPreparationPerSecond = 256L << 20;

    private readonly FlagOption _populate = ReceiveOptionSet.NewPopulate();
    private readonly ValueOption<TimeSpan?> _runFor = ReceiveOptionSet.NewRunFor("1s");
    private readonly GuestOptionSet _guest = new(MigrationSide.Source);
    private readonly StreamOptionSet _stream = new("full");
    private readonly HandoverOptionSet _handover = new();
    private readonly CommonOptionSet _common = new();

    public Command Create(ProgramStreams streams)
    {
        var command = new Command("demo", "Live-migrate a running guest to a second process over loopback and compare every page.")
            { _populate, _runFor }.With(_guest.All).With(_stream.All).With(_handover.All).With(_common.All);
        var runner = new SessionRunner(streams, _common, _guest, MigrationSide.Source);
        command.SetAction((parse, _) => runner.RunAsync(parse, leaveCtrlC: false, RunAsync));
        return command;
    }

    private async Task<int> RunAsync(MigrationSession session)
    {
        var parse = session.Parse;
        var options = _guest.Read(parse, MigrationSide.Source, session.Guest.Kind, session.Seed, poison: false)
            with { DirtySource = _stream.DirtySource.Value(parse) };
        OptionFaults.Throw(options.Validate());
        var migration = _stream.Read(parse, _common, _handover, session.Display.Note);
        session.NoteGuest(session.GuestWords(options));
        await using var destination = DestinationProcess.Start(
            DestinationArguments(session), line => session.Display.Note("destination: " + line));
        using var source = await SourceRun.PrepareAsync(session, options);
        var address = await ListeningAsync(session, destination, options);
        var outcome = await source.MigrateAsync(address, options.DirtySource, migration, _guest.Settle.Value(parse));
        var (guest, lost) = outcome.Result.Status == MigrationStatus.Completed ? await RunOnAsync(session, destination) : default;
        // Counted from what the source knew when the guest stopped, so that the numbers of both sides add up.
        if (guest is not null) guest = guest with { Written = guest.Invariant.WriteCount - outcome.Invariant.WriteCount };
        outcome = outcome with { Result = outcome.Result with { GuestWork = GuestWorkAccount.Of(outcome.Work, guest?.Work) } };
        return new Ending(session, MigrationSide.Source).Tell(
            outcome.Result,
            [.. DemoProof.FaultsAtSource(outcome), .. DemoProof.FaultsAtDestination(guest, options.DirtyBytesPerSecond > 0), .. lost ?? []],
            writer =>
            {
                Summary.Write(writer, outcome.Result);
                Summary.WriteSourceGuest(writer, outcome);
                if (guest is not null) Summary.WriteDestinationGuest(writer, guest);
                Summary.WriteGuestWork(writer, outcome.Result.GuestWork);
            });
    }

    private IEnumerable<string> DestinationArguments(MigrationSession session) =>
    [
        "receive", "--listen", "tcp:127.0.0.1:0", "--attached", "--poison", "--progress", "none",
        .. session.Options.Arguments([.. _guest.All, .. _handover.All, _populate, _runFor, _common.Congestion, _common.Retain]),
    ];

    private static async Task<MigrationAddress> ListeningAsync(MigrationSession session, DestinationProcess destination, GuestOptions options)
    {
        session.ShowWork("destination: every page of its memory gets a known pattern, so that the comparison can fail");
        var bound = TimeSpan.FromSeconds(60 + (options.MemoryBytes / SlowestPreparationPerSecond));
        var address = await destination.ListeningAsync(bound, session.Cancel);
        session.Display.Note($"destination: memory poisoned in every page, so that the comparison can fail; listening on {address}");
        return address;
    }

    /// <summary>The guest's run at the destination, or why nothing is known of it: the migration has completed all the same.</summary>
    private async Task<(GuestReport? Guest, ProofFault[]? Lost)> RunOnAsync(MigrationSession session, DestinationProcess destination)
    {
        session.ShowWork("destination: the guest runs on");
        // An interrupt ends the run early; the guest is stopped and checked all the same.
        await using var early = session.Cancel.Register(destination.End);
        try
        {
            var report = await destination.ReportAsync(_runFor.Value(session.Parse));
            return report.Guest is not null ? (report.Guest, null)
                : (null, [new ProofFault($"the destination's process says {report.Status}: {report.Error}", ExitCodes.Failed)]);
        }
        catch (MigrationException fault)
        {
            return (null, [new ProofFault(fault.Error.ToString(), ExitCodes.Failed)]);
        }
    }
}
