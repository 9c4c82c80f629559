using System.Globalization;
using DataPlane.Core.Memory;
using DataPlane.Linux;
using DataPlane.Linux.Memory;
using Xunit;

namespace DataPlane.Tests.Linux.Memory;

public sealed unsafe class AllocatedMemoryTests
{
    private const int StripeSize = PageGeometry.StripeSize;

    [Theory]
    [InlineData(4096)]
    [InlineData(StripeSize)]
    [InlineData((3 * StripeSize) + 4096)]
    public void New_memory_is_zero_writable_and_on_a_huge_page_border(long length)
    {
        using var memory = AllocatedMemory.Create("new", length);
        Assert.Equal(0, memory.Address % StripeSize);
        Assert.Equal(length, memory.Length);
        var bytes = (byte*)memory.Address;
        Assert.Equal(0, bytes[length - 1]);
        bytes[length - 1] = 1;
        Assert.True(FileFacts.TryRead(memory.Fd, out var facts));
        Assert.Equal((ulong)length, facts.Size);
        Assert.Equal(4096UL, facts.Blocks * 512);
    }

    [Fact]
    public void Nothing_but_the_memory_stays_mapped_and_nothing_after_it_is_given_back()
    {
        nint address;
        using (var memory = AllocatedMemory.Create("dataplane-given-back", 5 * StripeSize))
        {
            address = memory.Address;
            var line = Assert.Single(File.ReadLines("/proc/self/maps"), line => line.Contains("dataplane-given-back", StringComparison.Ordinal));
            Assert.StartsWith($"{address:x}-{address + (5 * StripeSize):x} rw-s", line, StringComparison.Ordinal);
        }
        Assert.DoesNotContain(File.ReadLines("/proc/self/maps"), line => line.Contains("dataplane-given-back", StringComparison.Ordinal));
    }

    [Fact]
    public void A_memory_file_keeps_its_contents()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            using (var first = AllocatedMemory.OpenFile(path, StripeSize)) *(long*)first.Address = 42;
            using var second = AllocatedMemory.OpenFile(path, 2 * StripeSize);
            Assert.Equal(42, *(long*)second.Address);
            Assert.Null(second.PageKind);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void What_cannot_be_mapped_is_an_error_with_the_name_and_leaves_nothing_open()
    {
        var fault = Assert.Throws<LinuxException>(() => AllocatedMemory.Create("dataplane-too-big", long.MaxValue - 4095));
        Assert.Contains("'dataplane-too-big'", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(
            // LinkTarget is null where another test has closed the descriptor meanwhile.
            new DirectoryInfo("/proc/self/fd").EnumerateFileSystemInfos().Select(entry => entry.LinkTarget ?? ""),
            target => target.Contains("dataplane-too-big", StringComparison.Ordinal));
    }

    [Fact]
    public void A_block_must_lie_in_the_memory()
    {
        using var memory = AllocatedMemory.Create("blocks", 8192);
        Assert.Equal(new RamBlockInfo("b", memory.Address + 4096, 4096, 7 << 12, 4096, memory.Fd, 4096), memory.Block("b", 7 << 12, 4096, 4096));
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.Block("b", 0, 4096, 8192));
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.Block("b", 0, -4096, 4096));
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.Block("b", 0, 0, long.MaxValue));
    }

    [SkippableFact]
    public void Reserved_huge_pages_are_used_where_there_are_enough()
    {
        var free = FreeHugePages();
        Skip.If(free < 4, $"needs 4 free huge pages of 2 MiB, this machine has {free} (sysctl vm.nr_hugepages=64)");
        using var memory = AllocatedMemory.Create("hugetlb", 4L * StripeSize, hugePages: true);
        Assert.Equal(StripeSize, memory.BackingPageSize);
        Assert.Equal("2MiB hugetlb", memory.PageKind);
        memory.Populate(2);
        new Span<byte>((void*)memory.Address, (int)memory.Length).Fill(1);
    }

    [Fact]
    public void More_huge_pages_than_there_are_fall_back_to_small_ones()
    {
        var length = (FreeHugePages() + 1) * StripeSize;
        using var memory = AllocatedMemory.Create("too few", length, hugePages: true);
        Assert.Equal(4096, memory.BackingPageSize);
        *(byte*)(memory.Address + (nint)length - 1) = 1;
    }

    [SkippableFact]
    public void Asked_for_huge_pages_populate_by_collapse_where_none_are_reserved()
    {
        var length = (FreeHugePages() + 9) * StripeSize;
        using var memory = AllocatedMemory.Create("dataplane-thp", length, hugePages: true);
        *(long*)(memory.Address + StripeSize + 4096) = 42;
        memory.Populate(2);
        var huge = KibibytesMappedHuge("dataplane-thp") * 1024;
        Skip.If(huge == 0 && memory.PageKind != "2MiB thp", "this kernel refused to collapse a memory file into huge pages (MADV_COLLAPSE)");
        Assert.Equal(huge == length ? "2MiB thp" : "4KiB and 2MiB thp", memory.PageKind);
        Assert.Equal(42, *(long*)(memory.Address + StripeSize + 4096));
        Assert.Equal(0, *(long*)memory.Address);
    }

    [SkippableFact]
    public void Small_pages_are_called_small_only_where_the_kernel_adds_no_huge_ones()
    {
        using var memory = AllocatedMemory.Create("dataplane-small", 4L * StripeSize);
        memory.Populate(1);
        Skip.IfNot(HugePagePolicy.OnlyWhenCollapsed, "this system gives transparent huge pages to memory files unasked (shmem_enabled)");
        Assert.Equal("4KiB", memory.PageKind);
        Assert.Equal(0, KibibytesMappedHuge("dataplane-small"));
    }

    [Theory]
    [InlineData("always within_size advise [never] deny force", true)]
    [InlineData("always within_size [advise] never deny force", true)]
    [InlineData("[always] within_size advise never deny force", false)]
    [InlineData("always [within_size] advise never deny force", false)]
    [InlineData("always within_size advise never deny [force]", false)]
    public void The_policy_of_the_system_is_read(string policy, bool onRequest) =>
        Assert.Equal(onRequest, HugePagePolicy.IsOnRequest(policy));

    private static long FreeHugePages()
    {
        const string Free = "/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages";
        return File.Exists(Free) ? long.Parse(File.ReadAllText(Free), CultureInfo.InvariantCulture) : 0;
    }

    private static long KibibytesMappedHuge(string name) =>
        File.ReadLines("/proc/self/smaps")
            .SkipWhile(line => !line.Contains(name, StringComparison.Ordinal))
            .Where(line => line.StartsWith("ShmemPmdMapped:", StringComparison.Ordinal))
            .Select(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture))
            .FirstOrDefault();
}
