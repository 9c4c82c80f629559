using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using DataPlane.Cli.Handover;
using DataPlane.Cli.Options;
using DataPlane.Cli.Output;
using DataPlane.Cli.Run;
using DataPlane.Core.Errors;
using DataPlane.Handover;

namespace DataPlane.Cli.Commands;

/// <summary><c>dataplane handover status|resolve|ask|arbiter</c>: what the records say, and an operator's verdict where they can not tell.</summary>
internal sealed class HandoverCommand
{
    private readonly ValueOption<string> _journal = new(
        "--journal", "DIR", HandoverJournals.DefaultFolder, "The journal: the folder of this host's handover records.", "a DIR that holds a journal", Readers.File);

    private readonly ValueOption<string?> _json = new(
        "--json", "FILE|-", null, "Write what the records say there; - is standard output, which then holds nothing else.",
        "a FILE that can be written, or - for standard output", Readers.File!);

    private readonly ValueOption<Guid> _image = new(
        "--image", "ID", null, "The guest image, as status shows it.", "an ID such as 6f9619ff-8b86-d011-b42d-00cf4fc964ff", Guid.TryParse)
    { Required = true };

    private readonly ValueOption<int> _attempt = new(
        "--attempt", "N", "1", "Which attempt to move it.", "a whole number from 1", Readers.Int(1, int.MaxValue));

    private readonly ValueOption<MigrationSide> _to = new(
        "--to", "source|destination", null, "Whose guest it is.", "source or destination", Readers.Member<MigrationSide>())
    { Required = true };

    private readonly FlagOption _off = new("--other-side-is-off", "You have made sure that the other side's host, or its process, is off and stays off.");

    private readonly ValueOption<string?> _arbiter = new(
        "--arbiter", "DIR", null, "The arbiter's folder, where the attempt has one: the verdict is claimed there.", "a DIR that holds an arbiter", Readers.File!);

    public Command Create(ProgramStreams streams)
    {
        var status = new Command("status", "Tell what this host's handover records say.") { _journal, _json };
        status.SetAction((parse, _) => Task.FromResult(Guarded(streams, "status", () => Status(parse, streams))));
        var resolve = new Command("resolve", "Say whose guest it is, where the records can not tell.") { _image, _attempt, _to, _off, _arbiter, _journal };
        resolve.SetAction((parse, cancel) => GuardedAsync(streams, "resolve", () => ResolveAsync(parse, streams, cancel)));
        return new Command("handover", "The records of who has the guest, and a verdict where they can not tell.") 
        {
            status, resolve, new HandoverAskCommand().CreateAsk(streams), new HandoverAskCommand().CreateArbiter(streams),
        };
    }

    private int Status(ParseResult parse, ProgramStreams streams)
    {
        using var json = new JsonOutput(_json.Value(parse), streams.Out);
        var folder = _journal.Value(parse);
        var attempts = HandoverJournals.Read(folder);
        var written = json.TryWrite(
            JsonSerializer.Serialize(new HandoverDocument(HandoverDocument.SchemaName, folder, attempts), HandoverJson.Default.HandoverDocument),
            line => streams.Error.WriteLine($"dataplane handover status: {line}"));
        if (!json.TakesStandardOutput) HandoverTable.Write(streams.Out, folder, attempts);
        return attempts.Any(attempt => attempt.Owner == HandoverOwner.Uncertain) ? ExitCodes.Uncertain : written ? ExitCodes.Completed : ExitCodes.LackOfResources;
    }

    private async Task<int> ResolveAsync(ParseResult parse, ProgramStreams streams, CancellationToken cancel)
    {
        var arbiter = _arbiter.Value(parse) is { } folder ? new FileArbiter(folder) : null;
        var resolution = await HandoverJournals.ResolveAsync(
            _journal.Value(parse), _image.Value(parse), (uint)_attempt.Value(parse), _to.Value(parse), _off.Value(parse), arbiter, cancel);
        if (resolution.Outcome == HandoverOutcome.Resolved)
        {
            await streams.Out.WriteLineAsync(resolution.Message);
            return ExitCodes.Completed;
        }
        await streams.Error.WriteLineAsync($"dataplane handover resolve: {resolution.Message}");
        return resolution.Outcome switch
        {
            HandoverOutcome.NoSuchAttempt or HandoverOutcome.NotVouched => ExitCodes.Usage,
            HandoverOutcome.Contradicted => ExitCodes.Failed,
            _ => ExitCodes.Uncertain,
        };
    }

    private static int Guarded(ProgramStreams streams, string command, Func<int> work) =>
        GuardedAsync(streams, command, () => Task.FromResult(work())).GetAwaiter().GetResult();

    public static async Task<int> GuardedAsync(ProgramStreams streams, string command, Func<Task<int>> work)
    {
        try
        {
            return await work();
        }
        catch (UsageException wrong)
        {
            await streams.Error.WriteLineAsync($"dataplane handover {command}: {wrong.Message}");
            return ExitCodes.Usage;
        }
        catch (IOException fault)
        {
            await streams.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"dataplane handover {command}: {fault.Message.ReplaceLineEndings(" ")}"));
            return ExitCodes.LackOfResources;
        }
    }
}
