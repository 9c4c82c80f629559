using DataPlane.Core.Errors;
using DataPlane.Core.Handover;
using DataPlane.Core.Wire.Messages;
using DataPlane.Host;
using DataPlane.Linux.Journal;

namespace DataPlane.Handover;

/// <summary>A host's handover records, for an operator: what they say, and a verdict where they can not. For any thread.</summary>
public static class HandoverJournals
{
    /// <summary>The journal's folder where none is named.</summary>
    public static string DefaultFolder => JournalFolder.Default;

    /// <summary>All attempts in the journal at <paramref name="folder"/>, in the order of their files' names.</summary>
    /// <exception cref="IOException">There is no journal, or it can not be read; the message says why.</exception>
    public static IReadOnlyList<HandoverReport> Read(string folder)
    {
        var journal = HandoverJournal.OpenExisting(folder);
        return [.. journal.Attempts().Select(key => Report(journal, journal.Read(key)))];
    }

    /// <summary>
    /// What a source does that was started again: says to the destination at <paramref name="to"/> what the records of sources that have ended say, and
    /// writes down what it answers. A guest that was given away goes on there, if the destination still holds it; one that was
    /// not is no longer waited for. Those that are settled are told only where <paramref name="image"/> names them. Returns the answers.
    /// </summary>
    /// <exception cref="IOException">There is no journal, or it can not be read.</exception>
    /// <exception cref="MigrationException">The destination can not be reached.</exception>
    public static async Task<IReadOnlyList<HandoverAnswer>> AskAsync(string folder, MigrationAddress to, Guid? image, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(to);
        var journal = HandoverJournal.OpenExisting(folder);
        var asking = new JournalAsking(journal, to, TimeProvider.System);
        var answers = new List<HandoverAnswer>();
        foreach (var key in journal.Attempts().Where(key => key.Side == MigrationSide.Source && (image ?? key.Image) == key.Image))
        {
            if (image is null && journal.Read(key) is not { IsHeld: false, Entries: [.., { Record: HandoverRecord.Open or HandoverRecord.Given }] }) continue;
            var word = await asking.AskAsync(key, cancel);
            if (word != HandoverWord.Invalid) answers.Add(new HandoverAnswer(key.Image, key.Attempt, Name(word)));
        }
        return answers;
    }

    /// <summary>
    /// Writes down an operator's verdict on an attempt that is undecided. Without an arbiter the operator has to vouch that the other
    /// side is off; with one its verdict decides, and a process that lives hears of it when it asks.
    /// </summary>
    /// <exception cref="IOException">There is no journal, or the arbiter can not be asked.</exception>
    public static async Task<HandoverResolution> ResolveAsync(
        string folder, Guid image, uint attempt, MigrationSide to, bool otherSideIsOff, IOwnershipArbiter? arbiter, CancellationToken cancel)
    {
        var journal = HandoverJournal.OpenExisting(folder);
        var keys = journal.Attempts().Where(key => key.Image == image && key.Attempt == attempt).ToArray();
        if (keys.Length == 0) return new(HandoverOutcome.NoSuchAttempt, $"The journal '{folder}' has no record of image {image}, attempt {attempt}.");
        foreach (var key in keys)
        {
            var resolution = await ResolveAsync(journal, key, to, otherSideIsOff, arbiter, cancel);
            if (resolution.Outcome != HandoverOutcome.Resolved || key == keys[^1]) return resolution;
        }
        throw new InvalidOperationException("Unreachable: the last attempt returns.");
    }

    private static async Task<HandoverResolution> ResolveAsync(
        HandoverJournal journal, HandoverKey key, MigrationSide to, bool otherSideIsOff, IOwnershipArbiter? arbiter, CancellationToken cancel)
    {
        var reading = journal.Read(key);
        if (reading.Fault != JournalFault.None)
            return new(HandoverOutcome.Unusable, $"The records of {key} can not be used: {Report(journal, reading).Meaning}");
        var last = reading.Entries[^1];
        if (Settled(last.Record) is { } settled)
            return settled == to ? new(HandoverOutcome.Resolved, $"The records of {key} say so already: {Name(last.Record)}.")
                : new(HandoverOutcome.Contradicted, $"The records of {key} say {Name(last.Record)}: the guest is the {Name(settled)}'s, and that is not undone.");
        if (last.Record == HandoverRecord.Open && to == MigrationSide.Destination)
            return new(HandoverOutcome.Contradicted, $"The records of {key} say open: nothing was handed over that the destination could run.");
        if (last.Arbiter && arbiter is null)
            return new(HandoverOutcome.NotVouched, $"An arbiter decides about {key}: name it with --arbiter.");
        if (arbiter is null && !otherSideIsOff)
            return new(HandoverOutcome.NotVouched, $"Without an arbiter nothing keeps the other side from running the guest of {key}: make sure that it is off, and say --other-side-is-off.");
        if (arbiter is not null)
        {
            var verdict = await arbiter.DecideAsync(new OwnershipClaim(key.Image, key.Attempt, Turn: 0, to), cancel);
            if (verdict != to) return new(HandoverOutcome.Contradicted, $"The arbiter has awarded the guest of {key} to the {Name(verdict)}.");
        }
        return Write(journal, key, to, arbiter is not null);
    }

    private static HandoverResolution Write(HandoverJournal journal, HandoverKey key, MigrationSide to, bool arbiter)
    {
        try
        {
            using var file = journal.Find(key);
            var record = Verdict(key.Side, to);
            return file.Write(record) switch
            {
                RecordOutcome.Written => new(HandoverOutcome.Resolved, $"Recorded {Name(record)} for {key}: the guest is the {Name(to)}'s."),
                RecordOutcome.Found => new(HandoverOutcome.Contradicted, $"The records of {key} say {Name(file.Record)} by now."),
                _ => new(HandoverOutcome.Unusable, $"The verdict on {key} could not be written, or may have been: look with `handover status`."),
            };
        }
        catch (JournalException held) when (held.Fault == JournalFault.Locked)
        {
            return arbiter
                ? new(HandoverOutcome.Resolved, $"The arbiter has awarded the guest of {key} to the {Name(to)}; the process that holds it goes by that when it asks.")
                : new(HandoverOutcome.Held, $"The process with the guest of {key} lives and holds the records: it decides, and is not overruled from outside.");
        }
    }

    private static HandoverRecord Verdict(MigrationSide side, MigrationSide to) => (side, to) switch
    {
        (MigrationSide.Source, MigrationSide.Source) => HandoverRecord.Kept,
        (MigrationSide.Source, _) => HandoverRecord.Released,
        (_, MigrationSide.Source) => HandoverRecord.Never,
        _ => HandoverRecord.Taken,
    };

    private static MigrationSide? Settled(HandoverRecord record) => record switch
    {
        HandoverRecord.Kept or HandoverRecord.Never or HandoverRecord.Returned => MigrationSide.Source,
        HandoverRecord.Released or HandoverRecord.Taken => MigrationSide.Destination,
        _ => null,
    };

    private static HandoverReport Report(HandoverJournal journal, AttemptReading reading)
    {
        var thisBoot = reading.Entries.All(entry => entry.Boot == journal.BootId);
        var (owner, meaning) = HandoverMeaning.Of(reading, thisBoot);
        return new HandoverReport
        {
            Image = reading.Key.Image,
            Attempt = reading.Key.Attempt,
            Side = reading.Key.Side,
            Records = [.. reading.Entries.Select(entry => new HandoverRecordReport(Name(entry.Record), entry.Time))],
            Owner = owner,
            Held = reading.IsHeld,
            ThisBoot = thisBoot,
            Arbiter = reading.Entries.Any(entry => entry.Arbiter),
            Meaning = meaning,
        };
    }

    private static string Name<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
