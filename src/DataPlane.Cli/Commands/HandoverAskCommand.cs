using System.CommandLine;
using DataPlane.Cli.Options;
using DataPlane.Cli.Run;
using DataPlane.Core.Errors;
using DataPlane.Handover;

namespace DataPlane.Cli.Commands;

/// <summary><c>dataplane handover ask</c>: what a source started again says; <c>handover arbiter</c>: makes an arbiter of a shared folder.</summary>
internal sealed class HandoverAskCommand
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly ValueOption<string> _journal = new(
        "--journal", "DIR", HandoverJournals.DefaultFolder, "The journal: the folder of this host's handover records.", "a DIR that holds a journal", Readers.File);

    private readonly ValueOption<MigrationAddress> _to = new(
        "--to", "ADDR", null, "Where the destination listens, or one started again in its place.", "an ADDR such as tcp:192.0.2.7:4444 or unix:PATH", Readers.Address)
    { Required = true };

    private readonly ValueOption<Guid?> _image = new(
        "--image", "ID", "all", "One guest image only, also where its records are settled.", "all, or an ID such as 6f9619ff-8b86-d011-b42d-00cf4fc964ff",
        Readers.Or<Guid>("all", Guid.TryParse));

    private readonly ValueOption<string> _folder = new(
        "--folder", "DIR", null, "A folder that both hosts share.", "an existing DIR", Readers.File)
    { Required = true };

    public Command CreateAsk(ProgramStreams streams)
    {
        var ask = new Command("ask", "Say to the destination what the records of senders that have ended say, and write down what it answers.") { _to, _image, _journal };
        ask.SetAction((parse, cancel) => HandoverCommand.GuardedAsync(streams, "ask", () => AskAsync(parse, streams, cancel)));
        return ask;
    }

    public Command CreateArbiter(ProgramStreams streams)
    {
        var arbiter = new Command("arbiter", "Make an arbiter of a folder that both hosts share, once; --arbiter names it then.") { _folder };
        arbiter.SetAction((parse, _) => HandoverCommand.GuardedAsync(streams, "arbiter", async () =>
        {
            await streams.Out.WriteLineAsync($"arbiter {FileArbiter.Create(_folder.Value(parse)).Id}");
            return ExitCodes.Completed;
        }));
        return arbiter;
    }

    private async Task<int> AskAsync(ParseResult parse, ProgramStreams streams, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(_patience);
        try
        {
            var answers = await HandoverJournals.AskAsync(_journal.Value(parse), _to.Value(parse), _image.Value(parse), limit.Token);
            foreach (var answer in answers) await streams.Out.WriteLineAsync($"image {answer.Image}, attempt {answer.Attempt}: {answer.Word}");
            if (answers.Count == 0) await streams.Out.WriteLineAsync("nothing to ask: no record of a sender that has ended is undecided");
            return answers.Any(answer => answer.Word == "unknown") ? ExitCodes.Uncertain : ExitCodes.Completed;
        }
        catch (MigrationException unreachable)
        {
            await streams.Error.WriteLineAsync($"dataplane handover ask: {unreachable.Error.Message}");
            return ExitCodes.CannotConnect;
        }
    }
}
