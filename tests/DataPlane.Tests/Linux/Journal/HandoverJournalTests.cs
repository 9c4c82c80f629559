using DataPlane.Core.Errors;
using DataPlane.Core.Handover;
using DataPlane.Linux.Journal;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Linux.Journal;

[Collection("machine")] // A process that another test starts has a copy of each descriptor until it runs its program, and with it the lock.
public sealed class HandoverJournalTests : IDisposable
{
    private static readonly HandoverKey Key = new(Guid.Parse("10203040-5060-7080-90a0-b0c0d0e0f001"), 3, MigrationSide.Destination);
    private static readonly Guid Peer = Guid.Parse("a0203040-5060-7080-90a0-b0c0d0e0f002");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Chain_of_records_reads_back_in_order_with_journal_boot_and_flags(bool flush)
    {
        var journal = HandoverJournal.Open(_folder.Path, flush);
        using (var file = journal.Begin(Key, Peer, arbiter: true))
        {
            Assert.Equal(RecordOutcome.Written, file.Write(HandoverRecord.Prepared));
            Assert.Equal(RecordOutcome.Written, file.Write(HandoverRecord.Taken));
            Assert.Equal(RecordOutcome.Written, file.Write(HandoverRecord.Returned));
        }
        using var read = HandoverJournal.Open(_folder.Path).Find(Key);
        Assert.Equal(JournalFault.None, read.Fault);
        Assert.Equal(
            [HandoverRecord.Open, HandoverRecord.Prepared, HandoverRecord.Taken, HandoverRecord.Returned], read.Entries.Select(entry => entry.Record));
        Assert.All(read.Entries, entry => Assert.Equal((Key, journal.Id, journal.BootId, Peer, flush, true),
            (entry.Key, entry.Journal, entry.Boot, entry.PeerJournal, entry.Flushed, entry.Arbiter)));
        Assert.True(read is { IsOfThisBoot: true, IsOfThisJournal: true });
        Assert.Equal(flush, read.IsFlushed);
        Assert.NotEqual(Guid.Empty, journal.BootId);
    }

    [Fact]
    public void Only_records_that_may_follow_are_written_and_the_same_one_twice_is_one()
    {
        using var file = HandoverJournal.Open(_folder.Path).Begin(Key, Peer, arbiter: false);
        Assert.Equal(RecordOutcome.Found, file.Write(HandoverRecord.Taken));
        Assert.Equal(RecordOutcome.Found, file.Write(HandoverRecord.Given));
        Assert.Equal(RecordOutcome.Written, file.Write(HandoverRecord.Prepared));
        Assert.Equal(RecordOutcome.Written, file.Write(HandoverRecord.Never));
        Assert.Equal(RecordOutcome.Written, file.Write(HandoverRecord.Never));
        Assert.Equal(RecordOutcome.Found, file.Write(HandoverRecord.Taken));
        Assert.Equal(3, file.Entries.Count);
    }

    [Fact]
    public void Nameless_journal_records_as_any_other_and_leaves_no_file()
    {
        var journal = HandoverJournal.Nameless();
        using (var file = journal.Begin(Key, Peer, arbiter: false))
        {
            Assert.Equal(RecordOutcome.Written, file.Write(HandoverRecord.Prepared));
            Assert.Equal(RecordOutcome.Found, file.Write(HandoverRecord.Returned));
            Assert.Equal(RecordOutcome.Written, file.Write(HandoverRecord.Taken));
            Assert.Equal([HandoverRecord.Open, HandoverRecord.Prepared, HandoverRecord.Taken], file.Entries.Select(entry => entry.Record));
        }
        Assert.Equal(JournalFault.NoRecord, Assert.Throws<JournalException>(() => journal.Find(Key)).Fault);
        Assert.False(File.Exists(Key.FileName));
    }

    [Fact]
    public void Attempt_is_begun_once_and_only_one_has_its_lock()
    {
        var journal = HandoverJournal.Open(_folder.Path);
        var file = journal.Begin(Key, Peer, arbiter: false);
        Assert.Equal(JournalFault.Exists, Assert.Throws<JournalException>(() => journal.Begin(Key, Peer, arbiter: false)).Fault);
        Assert.Equal(JournalFault.Locked, Assert.Throws<JournalException>(() => journal.Find(Key)).Fault);
        Assert.True(journal.Read(Key).IsHeld);
        Assert.Equal(JournalFault.Locked, Assert.Throws<JournalException>(() => journal.Find(Key)).Fault); // Looking took nothing away.
        file.Dispose();
        Assert.False(journal.Read(Key).IsHeld);
        journal.Find(Key).Dispose();
        Assert.Equal(JournalFault.NoRecord, Assert.Throws<JournalException>(() => journal.Find(Key with { Attempt = 4 })).Fault);
    }

    [Fact]
    public void Lock_ends_with_its_owner_and_is_not_handed_on_to_programs_that_it_starts()
    {
        var journal = HandoverJournal.Open(_folder.Path);
        var file = journal.Begin(Key, Peer, arbiter: false);
        using var child = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("sleep", ["60"]))!;
        file.Dispose();
        Assert.False(journal.Read(Key).IsHeld);
        child.Kill();
    }

    [Fact]
    public void Journal_keeps_its_id_and_another_folder_has_another()
    {
        var id = HandoverJournal.Open(_folder.Path).Id;
        Assert.Equal(id, HandoverJournal.Open(_folder.Path).Id);
        Assert.Equal(id, HandoverJournal.OpenExisting(_folder.Path).Id);
        Assert.NotEqual(id, HandoverJournal.Open(_folder.At("other")).Id);
    }

    [Fact]
    public void Copied_file_is_not_of_this_journal()
    {
        var journal = HandoverJournal.Open(_folder.At("a"));
        journal.Begin(Key, Peer, arbiter: false).Dispose();
        var other = HandoverJournal.Open(_folder.At("b"));
        File.Copy(Path.Combine(journal.Folder, Key.FileName), Path.Combine(other.Folder, Key.FileName));
        using var file = other.Find(Key);
        Assert.False(file.IsOfThisJournal);
    }

    [Fact]
    public void Every_cut_and_every_flipped_bit_is_damage_and_never_another_record()
    {
        var journal = HandoverJournal.Open(_folder.Path);
        using (var begun = journal.Begin(Key, Peer, arbiter: false)) _ = begun.Write(HandoverRecord.Prepared);
        var path = _folder.At(Key.FileName);
        var bytes = File.ReadAllBytes(path);
        for (var length = 0; length < bytes.Length; length++)
        {
            var entries = new List<HandoverEntry>();
            Assert.NotEqual(EntryFault.None, HandoverEntries.Read(bytes.AsSpan(0, length), Key, entries));
        }
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(EntryFault.None, HandoverEntries.Read(bytes, Key, []));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
        Assert.Equal(EntryFault.None, HandoverEntries.Read(bytes, Key, []));
    }

    [Theory]
    [InlineData(128 + 40)]
    [InlineData(300)]
    [InlineData(511)]
    public void Torn_record_is_damage_for_all_who_ask_and_nothing_is_written_behind_it(int torn)
    {
        var journal = HandoverJournal.Open(_folder.Path);
        using (var begun = journal.Begin(Key, Peer, arbiter: false)) _ = begun.Write(HandoverRecord.Prepared);
        using (var raw = File.OpenWrite(_folder.At(Key.FileName)))
        {
            raw.Position = torn;
            raw.WriteByte(0x5A);
        }
        using var file = journal.Find(Key);
        Assert.Equal(JournalFault.Damaged, file.Fault);
        Assert.Equal(HandoverRecord.None, file.Record);
        Assert.Equal(RecordOutcome.InDoubt, file.Write(HandoverRecord.Never));
        Assert.Equal(JournalFault.Damaged, journal.Read(Key).Fault);
    }

    [Fact]
    public void Record_of_another_version_has_a_name_of_its_own()
    {
        var journal = HandoverJournal.Open(_folder.Path);
        journal.Begin(Key, Peer, arbiter: false).Dispose();
        var bytes = File.ReadAllBytes(_folder.At(Key.FileName));
        bytes[8] = 2;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(124), DataPlane.Core.Wire.Crc32c.Of(bytes.AsSpan(0, 124)));
        File.WriteAllBytes(_folder.At(Key.FileName), bytes);
        using var file = journal.Find(Key);
        Assert.Equal(JournalFault.OtherVersion, file.Fault);
    }

    [Fact]
    public void File_under_another_attempts_name_is_damage()
    {
        var journal = HandoverJournal.Open(_folder.Path);
        journal.Begin(Key, Peer, arbiter: false).Dispose();
        var next = Key with { Attempt = 4 };
        File.Copy(_folder.At(Key.FileName), _folder.At(next.FileName));
        using var file = journal.Find(next);
        Assert.Equal(JournalFault.Damaged, file.Fault);
    }

    [Fact]
    public void Folder_that_can_not_be_had_is_named_for_what_is_wrong()
    {
        Assert.Equal(JournalFault.Unwritable, Assert.Throws<JournalException>(() => HandoverJournal.Open("/proc/none/journal")).Fault);
        Assert.Equal(JournalFault.Unreadable, Assert.Throws<JournalException>(() => HandoverJournal.OpenExisting(_folder.At("none"))).Fault);
        Assert.Equal(JournalFault.NoRecord, Assert.Throws<JournalException>(() => HandoverJournal.OpenExisting(_folder.Path)).Fault);
        if (OperatingSystem.IsWindows()) throw new PlatformNotSupportedException();
        File.SetUnixFileMode(_folder.Path, (UnixFileMode)0b111_111_111);
        Assert.Equal(JournalFault.Unsafe, Assert.Throws<JournalException>(() => HandoverJournal.Open(_folder.Path)).Fault);
    }

    [SkippableFact]
    public void Full_disk_refuses_a_new_attempt_by_name_and_not_the_records_of_one_under_way()
    {
        using var disk = SmallDisk.Mount(_folder.At("disk"));
        var journal = HandoverJournal.Open(disk.Path);
        using var file = journal.Begin(Key, Peer, arbiter: false);
        disk.Fill();
        Assert.Equal(
            JournalFault.Unwritable, Assert.Throws<JournalException>(() => journal.Begin(Key with { Attempt = 4 }, Peer, arbiter: false)).Fault);
        Assert.Equal(RecordOutcome.Written, file.Write(HandoverRecord.Prepared));
        Assert.Equal(RecordOutcome.Written, file.Write(HandoverRecord.Taken));
    }
}
