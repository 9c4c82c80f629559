using System.CommandLine;
using System.Net.Sockets;
using DataPlane.Cli.Metrics;
using DataPlane.Cli.Options;
using DataPlane.Cli.Output;
using DataPlane.Cli.Report;
using DataPlane.Core.Errors;
using DataPlane.Results;

namespace DataPlane.Cli.Run;

/// <summary>
/// Sets up what every migrating command needs, runs it, and turns what it throws into the one line, the document and the exit code.
/// </summary>
internal sealed class SessionRunner(ProgramStreams streams, CommonOptionSet common, GuestOptionSet guest, MigrationSide side)
{
    public async Task<int> RunAsync(ParseResult parse, bool leaveCtrlC, Func<MigrationSession, Task<int>> body)
    {
        var display = ProgressDisplay.Of(streams, common.Progress.Value(parse));
        await using (display)
        {
            using var interrupts = new Interrupts(leaveCtrlC, () => display.Note("interrupted: cancelling; once more to quit at once"));
            var failure = new FailureReport(parse.CommandResult.Command.Name, side, display, interrupts);
            try
            {
                using var json = new JsonOutput(common.Json.Value(parse), streams.Out);
                using var report = new ReportOutput(common.Report.Value(parse));
                await using var metrics = Metrics(parse, display);
                return await RunAsync(parse, display, json, report, interrupts, failure, body);
            }
            catch (UsageException wrong)
            {
                return failure.Usage(wrong);
            }
        }
    }

    private async Task<int> RunAsync(
        ParseResult parse, ProgressDisplay display, JsonOutput json, ReportOutput report, Interrupts interrupts, FailureReport failure,
        Func<MigrationSession, Task<int>> body)
    {
        try
        {
            return await body(Open(parse, display, json, report, interrupts));
        }
        catch (Exception fault) when (fault is not UsageException)
        {
            display.Show(null);
            var result = FailureReport.Result(failure.ErrorOf(fault));
            _ = json.TryWrite(result, display.Say);
            failure.Say(result);
            _ = report.TryWrite(result, display.Say);
            return ExitCodes.Of(result, interrupts.Happened);
        }
    }

    private MetricsEndpoint? Metrics(ParseResult parse, ProgressDisplay display)
    {
        if (common.Metrics.Value(parse) is not { } at) return null;
        try
        {
            var endpoint = new MetricsEndpoint(at);
            display.Note($"metrics at {endpoint.Address}");
            return endpoint;
        }
        catch (SocketException fault)
        {
            throw new UsageException($"--metrics 'tcp:{at}': cannot listen there: {fault.Message}. Another port, or 0 to have one picked.");
        }
    }

    private MigrationSession Open(ParseResult parse, ProgressDisplay display, JsonOutput json, ReportOutput report, Interrupts interrupts)
    {
        var choice = GuestChoice.Make(guest.Guest.Value(parse), side);
        var seed = guest.Seed.Value(parse) ?? (ulong)Random.Shared.Next();
        var effective = new EffectiveOptions(parse);
        effective.Settle(guest.Guest, Readers.Name(choice.Kind));
        effective.Settle(guest.Seed, seed.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return new MigrationSession(parse, effective, choice, seed, display, json, report, streams.Out, interrupts);
    }
}
