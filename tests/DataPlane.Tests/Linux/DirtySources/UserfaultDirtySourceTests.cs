using System.Security.Cryptography;
using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Guests;
using DataPlane.Linux.Memory;
using DataPlane.Linux.Userfault;
using DataPlane.Tests.Kit;
using Xunit;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Tests.Linux.DirtySources;

/// <summary>Every kind of memory and of write that userfaultfd's protection has to see, and what it must not take for one.</summary>
[Collection("machine")]
public sealed unsafe class UserfaultDirtySourceTests
{
    private const long Bytes = (8L << 20) + (5 * PageSize);

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(513)]
    public void EveryNthPage_IsReportedExactly(int step)
    {
        NeedsDirtySource.OrSkip(GuestKind.Synthetic, "uffd");
        using var ram = AllocatedMemory.Create("ram", Bytes);
        ram.Populate(1);
        AssertExact(new GuestMemory([ram.Block("ram", 0)]), step);
    }

    [SkippableFact]
    public void HolesAreReportedOnceWritten_NotWhenRead()
    {
        NeedsDirtySource.OrSkip(GuestKind.Synthetic, "uffd");
        using var ram = AllocatedMemory.Create("ram", Bytes);
        var memory = new GuestMemory([ram.Block("ram", 0)]);
        AssertExact(memory, 9); // Nothing is mapped when it starts.
    }

    [SkippableFact]
    public void TransparentHugePages_AreTrackedByTheirSmallPages()
    {
        NeedsDirtySource.OrSkip(GuestKind.Synthetic, "uffd");
        using var ram = AllocatedMemory.Create("ram", 16L << 20, hugePages: true);
        ram.Populate(1);
        Skip.IfNot(ram.PageKind is "2MiB thp" or "4KiB and 2MiB thp", $"No transparent huge pages for memory files here: {ram.PageKind}.");
        AssertExact(new GuestMemory([ram.Block("ram", 0)]), 5);
    }

    [SkippableFact]
    public void PrivateAnonymousMemory_IsTracked()
    {
        NeedsDirtySource.OrSkip(GuestKind.Synthetic, "uffd");
        var address = MemoryNative.Mmap(
            0, (nuint)Bytes, MemoryNative.ProtReadWrite, MemoryNative.MapPrivate | MemoryNative.MapAnonymous, -1, 0);
        try
        {
            AssertExact(new GuestMemory([new RamBlockInfo("ram", address, Bytes, 0)]), 11);
        }
        finally
        {
            _ = MemoryNative.Munmap(address, (nuint)Bytes);
        }
    }

    [SkippableFact]
    public void FileOnWhateverTheTestsLieOn_IsTracked()
    {
        NeedsDirtySource.OrSkip(GuestKind.Synthetic, "uffd");
        var path = Path.Combine(AppContext.BaseDirectory, $"guest-{Environment.ProcessId}.ram");
        try
        {
            using var ram = AllocatedMemory.OpenFile(path, Bytes);
            AssertExact(new GuestMemory([ram.Block("ram", 0)]), 9);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [SkippableFact]
    public void ReservedHugePages_AreTrackedAsAWhole()
    {
        NeedsDirtySource.OrSkip(GuestKind.Synthetic, "uffd");
        using var ram = AllocatedMemory.Create("ram", 8L << 20, hugePages: true);
        Skip.IfNot(ram.BackingPageSize == StripeSize, "No huge pages of 2 MiB are reserved: echo 8 > /proc/sys/vm/nr_hugepages.");
        ram.Populate(1);
        var memory = new GuestMemory([ram.Block("ram", 0)]);
        using var marked = new DirtyBitmap(memory);
        using var source = new UserfaultDirtySource(memory);
        source.Start();
        Assert.Equal(0, source.Sync(marked));
        ((byte*)ram.Address)[StripeSize + 12345] = 1;
        Assert.Equal(PagesPerStripe, source.Sync(marked));
        Assert.True(marked.Any(1));
    }

    [SkippableFact]
    public void WritesOfSystemCalls_AreSeen()
    {
        NeedsDirtySource.OrSkip(GuestKind.Synthetic, "uffd");
        using var ram = AllocatedMemory.Create("ram", Bytes);
        var memory = new GuestMemory([ram.Block("ram", 0)]);
        using var marked = new DirtyBitmap(memory);
        using var source = new UserfaultDirtySource(memory);
        source.Start();
        using var zeros = File.OpenHandle("/dev/zero");
        _ = RandomAccess.Read(zeros, new Span<byte>((byte*)ram.Address + (3 * PageSize) + 100, PageSize), 0);
        Assert.Equal(2, source.Sync(marked));
        Assert.True(marked.IsSet(memory.Blocks[0], 3) && marked.IsSet(memory.Blocks[0], 4));
    }

    [SkippableFact]
    public void TwoAtOnce_SecondIsRefusedAndTheFirstGoesOn()
    {
        NeedsDirtySource.OrSkip(GuestKind.Synthetic, "uffd");
        using var ram = AllocatedMemory.Create("ram", Bytes);
        var memory = new GuestMemory([ram.Block("ram", 0)]);
        using var marked = new DirtyBitmap(memory);
        using var first = new UserfaultDirtySource(memory);
        using var second = new UserfaultDirtySource(memory);
        first.Start();
        var fault = Assert.Throws<DirtySourceUnavailableException>(second.Start);
        Assert.Contains("already under another userfaultfd", fault.Message, StringComparison.Ordinal);
        ((byte*)ram.Address)[0] = 1;
        Assert.Equal(1, first.Sync(marked));
        first.Stop();
        second.Start();
    }

    [SkippableFact]
    public void Descriptors_AreGivenBack()
    {
        NeedsDirtySource.OrSkip(GuestKind.Synthetic, "uffd");
        using var ram = AllocatedMemory.Create("ram", Bytes);
        var memory = new GuestMemory([ram.Block("ram", 0)]);
        using var source = new UserfaultDirtySource(memory);
        var before = Directory.GetFiles("/proc/self/fd").Count(IsOurs);
        for (var i = 0; i < 20; i++)
        {
            Assert.True(UserfaultDirtySource.Works(memory, out var reason), reason);
            source.Start();
            source.Stop();
        }
        Assert.Equal(before, Directory.GetFiles("/proc/self/fd").Count(IsOurs));

        static bool IsOurs(string fd) =>
            new FileInfo(fd).LinkTarget is { } target && (target.Contains("userfaultfd", StringComparison.Ordinal) || target.Contains("pagemap", StringComparison.Ordinal));
    }

    private static void AssertExact(GuestMemory memory, int step)
    {
        var block = memory.Blocks[0];
        using var marked = new DirtyBitmap(memory);
        using var source = new UserfaultDirtySource(memory);
        source.Start();
        Span<ulong> claimed = stackalloc ulong[WordsPerStripe];
        for (var round = 0; round < 4; round++)
        {
            Read(block);
            Assert.Equal(0, source.Sync(marked));
            for (long page = round; page < block.PageCount; page += step) ((byte*)block.Info.HostAddress)[(page << PageShift) + 17]++;
            Read(block);
            var added = source.Sync(marked);
            for (long page = 0; page < block.PageCount; page++)
                Assert.Equal(page >= round && (page - round) % step == 0, marked.IsSet(block, page));
            Assert.Equal(added, marked.Count());
            for (var stripe = 0; stripe < memory.StripeCount; stripe++) marked.Claim(stripe, claimed);
        }
    }

    private static void Read(RamBlock block)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(new ReadOnlySpan<byte>((void*)block.Info.HostAddress, (int)block.Info.Length), digest);
    }
}
