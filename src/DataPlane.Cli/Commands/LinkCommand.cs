using System.CommandLine;
using DataPlane.Cli.Demo;
using DataPlane.Cli.Link;
using DataPlane.Cli.Options;
using DataPlane.Cli.Output;
using DataPlane.Cli.Output.Live;
using DataPlane.Cli.Run;
using DataPlane.Core.Errors;
using DataPlane.Tools.Link;

namespace DataPlane.Cli.Commands;

/// <summary><c>dataplane link server|client</c>: what a link carries as migration uses it.</summary>
internal sealed class LinkCommand
{
    private readonly LinkServerOptionSet _server = new();
    private readonly LinkClientOptionSet _client = new();

    public Command Create(ProgramStreams streams)
    {
        var server = new Command("server", "Wait for clients and measure with one after another.").With(_server.All);
        server.SetAction((parse, _) => GuardedAsync(streams, "link server", _server.Progress.Value(parse), (display, interrupts) => ServeAsync(parse, display, interrupts)));
        var client = new Command("client", "Measure what the link to a server carries: in bulk, for the last pages of a guest, and for the words of a switchover.") { _client.Host }
            .With(_client.All);
        client.SetAction((parse, _) => GuardedAsync(
            streams, "link client", _client.Progress.Value(parse), (display, interrupts) => MeasureAsync(parse, streams, display, interrupts)));
        return new Command("link", "Measure what a link carries as migration uses it: same channels, frames and socket options, memory to memory.") { server, client };
    }

    private async Task<int> ServeAsync(ParseResult parse, ProgressDisplay display, Interrupts interrupts)
    {
        using var listener = MigrationListener.Bind(_server.Listen.Value(parse));
        display.Say(DestinationProcess.ListeningOn + listener.Address);
        await new LinkServer(_server.Read(parse, display.Note)).RunAsync(listener, interrupts.Token);
        return interrupts.Happened ? ExitCodes.Interrupted : ExitCodes.Completed;
    }

    private async Task<int> MeasureAsync(ParseResult parse, ProgramStreams streams, ProgressDisplay display, Interrupts interrupts)
    {
        var to = _client.ReadHost(parse);
        using var json = new JsonOutput(_client.Json.Value(parse), streams.Out);
        var text = json.TakesStandardOutput ? null : new LinkRows(streams.Out);
        var options = _client.Read(parse, to);
        LinkClient client = null!;
        var view = new LinkView(() => client.Progress, options, rowsAreSeen: text is not null && !Console.IsOutputRedirected);
        client = new LinkClient(options with { OnInterval = Tell });
        display.ShowView(view);
        var result = await client.RunAsync(to, interrupts.Token);
        display.Show(null);
        var written = json.TryWrite(result.ToJson(), line => display.Say($"dataplane link client: {line}"));
        if (text is not null) LinkSummary.Write(streams.Out, result);
        if (result.Error is not { } error) return written ? ExitCodes.Completed : ExitCodes.LackOfResources;
        display.Say($"dataplane link client: {error.ToString().ReplaceLineEndings(" ")}");
        return ExitCodes.Of(error.Code, interrupts.Happened);

        void Tell(LinkInterval interval)
        {
            view.Tell(interval);
            if (text is null) return;
            display.Show(null); // What is redrawn leaves before a line is written beside it.
            text.Write(interval, client.Progress!.Channels);
            display.ShowView(view);
        }
    }

    private static async Task<int> GuardedAsync(ProgramStreams streams, string command, ProgressMode progress, Func<ProgressDisplay, Interrupts, Task<int>> work)
    {
        await using var display = ProgressDisplay.Of(streams, progress);
        using var interrupts = new Interrupts(leaveCtrlC: false, () => display.Note("interrupted: ending; once more to quit at once"));
        try
        {
            return await work(display, interrupts);
        }
        catch (UsageException wrong)
        {
            display.Say($"dataplane {command}: {wrong.Message.ReplaceLineEndings(" ")}");
            return ExitCodes.Usage;
        }
        catch (MigrationException fault)
        {
            display.Say($"dataplane {command}: {fault.Error.Step}: {fault.Error.Message.ReplaceLineEndings(" ")}");
            return ExitCodes.Of(fault.Error.Code, interrupts.Happened);
        }
    }
}
