using DataPlane.Core.Errors;
using DataPlane.Core.Handover;
using DataPlane.Core.Wire;
using DataPlane.Core.Wire.Messages;
using DataPlane.Handover;
using DataPlane.Linux.Journal;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Handover;

/// <summary>What a process without the guest says from real files.</summary>
public sealed class JournalWitnessTests : IDisposable
{
    private static readonly HandoverKey Destination = new(Guid.Parse("10203040-5060-7080-90a0-b0c0d0e0f001"), 1, MigrationSide.Destination);
    private static readonly HandoverKey Source = Destination with { Side = MigrationSide.Source };

    private readonly TemporaryFolder _folder = new();
    private readonly HandoverJournal _journal;

    public JournalWitnessTests() => _journal = HandoverJournal.Open(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", HandoverWord.Unknown, HandoverRecord.Open)]
    [InlineData("Prepared", HandoverWord.Never, HandoverRecord.Never)]
    [InlineData("Prepared,Taken", HandoverWord.Died, HandoverRecord.Taken)]
    [InlineData("Prepared,Never", HandoverWord.Never, HandoverRecord.Never)]
    [InlineData("Prepared,Taken,Returned", HandoverWord.Returned, HandoverRecord.Returned)]
    public void Second_receiver_answers_by_what_the_first_has_left(string records, object word, object stands)
    {
        Leave(Destination, records);
        Assert.Equal(word, new JournalWitness(_journal).Hear(Destination, _journal.Id, HandoverWord.Ask));
        Assert.Equal(stands, _journal.Read(Destination).Entries[^1].Record);
        Assert.Equal(word, new JournalWitness(_journal).Hear(Destination, _journal.Id, HandoverWord.Ask)); // Asked again, it says the same.
    }

    [Theory]
    [InlineData("", HandoverWord.Kept, HandoverRecord.Kept)]
    [InlineData("Kept", HandoverWord.Kept, HandoverRecord.Kept)]
    [InlineData("Given", HandoverWord.CommitFromRecord, HandoverRecord.Given)]
    [InlineData("Given,Released", HandoverWord.Released, HandoverRecord.Released)]
    public void Sender_started_again_answers_by_what_the_first_has_left(string records, object word, object stands)
    {
        Leave(Source, records);
        Assert.Equal(word, new JournalWitness(_journal).Hear(Source, _journal.Id, HandoverWord.Ask));
        Assert.Equal(stands, _journal.Read(Source).Entries[^1].Record);
    }

    [Fact]
    public void As_long_as_the_process_with_the_guest_lives_nobody_answers_for_it()
    {
        using var file = _journal.Begin(Destination, default, arbiter: false);
        _ = file.Write(HandoverRecord.Prepared);
        Assert.Equal(HandoverWord.Unknown, new JournalWitness(_journal).Hear(Destination, _journal.Id, HandoverWord.Ask));
        Assert.Equal(RecordOutcome.Written, file.Write(HandoverRecord.Taken));
    }

    [Fact]
    public void No_record_another_journal_a_damaged_record_and_another_boot_are_unknown()
    {
        var witness = new JournalWitness(_journal);
        Assert.Equal(HandoverWord.Unknown, witness.Hear(Destination, _journal.Id, HandoverWord.Ask));
        Leave(Destination, "Prepared");
        Assert.Equal(HandoverWord.Unknown, witness.Hear(Destination, Guid.NewGuid(), HandoverWord.Ask));
        var other = HandoverJournal.Open(_folder.At("other"));
        File.Copy(_folder.At(Destination.FileName), Path.Combine(other.Folder, Destination.FileName));
        Assert.Equal(HandoverWord.Unknown, new JournalWitness(other).Hear(Destination, other.Id, HandoverWord.Ask));
        Rewrite(bytes => bytes[48]++); // The boot of OPEN.
        Assert.Equal(HandoverWord.Unknown, witness.Hear(Destination, _journal.Id, HandoverWord.Ask));
        using (var raw = File.OpenWrite(_folder.At(Destination.FileName))) raw.SetLength(200);
        Assert.Equal(HandoverWord.Unknown, witness.Hear(Destination, _journal.Id, HandoverWord.Ask));
    }

    [Fact]
    public void What_the_destination_answers_ends_an_attempt_that_was_given()
    {
        Leave(Source, "Given");
        var witness = new JournalWitness(_journal);
        foreach (var word in (HandoverWord[])[HandoverWord.Unknown, HandoverWord.Taken, HandoverWord.Over])
            Assert.Equal(HandoverWord.Invalid, witness.Hear(Source, _journal.Id, word));
        Assert.Equal(HandoverRecord.Given, _journal.Read(Source).Entries[^1].Record);
        Assert.Equal(HandoverWord.Released, witness.Hear(Source, _journal.Id, HandoverWord.Running));
        Assert.Equal(HandoverRecord.Released, _journal.Read(Source).Entries[^1].Record);
        Assert.Equal(HandoverWord.Invalid, witness.Hear(Source, _journal.Id, HandoverWord.Running)); // A last word is the last.
    }

    /// <summary>The process that lives and waits for the last word must hear it itself.</summary>
    [Fact]
    public void Last_word_is_heard_for_a_process_that_has_ended_and_for_no_other()
    {
        using (var file = _journal.Begin(Destination, default, arbiter: false))
        {
            _ = file.Write(HandoverRecord.Prepared);
            _ = file.Write(HandoverRecord.Taken);
            Assert.Equal(HandoverWord.Invalid, new JournalWitness(_journal).Hear(Destination, _journal.Id, HandoverWord.Released));
        }
        Assert.Equal(HandoverWord.Over, new JournalWitness(_journal).Hear(Destination, _journal.Id, HandoverWord.Released));
    }

    private void Leave(HandoverKey key, string records)
    {
        using var file = _journal.Begin(key, default, arbiter: false);
        foreach (var record in records.Split(',', StringSplitOptions.RemoveEmptyEntries))
            Assert.Equal(RecordOutcome.Written, file.Write(Enum.Parse<HandoverRecord>(record)));
    }

    private void Rewrite(Action<byte[]> change)
    {
        var path = _folder.At(Destination.FileName);
        var bytes = File.ReadAllBytes(path);
        change(bytes);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(124), Crc32c.Of(bytes.AsSpan(0, 124)));
        File.WriteAllBytes(path, bytes);
    }
}
