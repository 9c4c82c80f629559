using System.CommandLine;
using DataPlane.Cli.Run;
using DataPlane.Cli.Units;
using DataPlane.Handover;
using DataPlane.Host;

namespace DataPlane.Cli.Options;

/// <summary>The options of both sides about the handover: its records, its arbiter, and how long it may be in doubt.</summary>
internal sealed class HandoverOptionSet
{
    public ValueOption<string?> Journal { get; } = new(
        "--journal", "DIR", null, "Folder of the records that say who has the guest; a private one of this user unless given.", "a DIR of this user", Readers.File!);

    public FlagOption JournalSync { get; } = new(
        "--journal-sync", "Flush each record to the disk before it counts, so that it outlives the host; takes a disk's time in the blackout.");

    public ValueOption<string?> Arbiter { get; } = new(
        "--arbiter", "DIR", null, "Folder that both hosts share, made by 'handover arbiter': decides who has the guest where they can not tell each other.",
        "a DIR that holds an arbiter", Readers.File!);

    public ValueOption<TimeSpan> Timeout { get; } = new(
        "--handover-timeout", "TIME", "30s", "How long the sides ask each other who has the guest, when the link is lost in the handover, before the outcome is uncertain.",
        Duration.Form + ", at most 1h", Readers.Time(TimeSpan.FromTicks(1), TimeSpan.FromHours(1)));

    /// <summary>In the order that help shows them.</summary>
    public IReadOnlyList<Option> All => [Timeout, Journal, JournalSync, Arbiter];

    /// <summary>Null: the private folder.</summary>
    public string? ReadJournal(ParseResult parse) => Journal.Value(parse) is { } folder ? Path.GetFullPath(folder) : null;

    /// <summary>The arbiter that is named; null for none. Throws <see cref="UsageException"/> where there is none in the folder.</summary>
    public IOwnershipArbiter? ReadArbiter(ParseResult parse)
    {
        if (Arbiter.Value(parse) is not { } folder) return null;
        try
        {
            return new FileArbiter(folder);
        }
        catch (IOException missing)
        {
            throw new UsageException($"--arbiter '{folder}': {missing.Message}");
        }
    }
}
