using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Core.Dirty;

public sealed class CompositeDirtySourceTests
{
    private static readonly GuestMemory Memory = AddressOnlyMemory.OfPages(600);

    [Fact]
    public void A_page_that_any_part_reports_is_dirty_and_counts_once()
    {
        var vcpu = new ExplicitDirtySource(Memory);
        var device = new ExplicitDirtySource(Memory);
        using var both = new CompositeDirtySource(vcpu, device);
        using var bitmap = new DirtyBitmap(Memory);
        both.Start();
        vcpu.Mark(Memory.Blocks[0], 0, 2 * 4096);
        device.Mark(Memory.Blocks[0], 4096, 2 * 4096);
        Assert.Equal(3, both.Sync(bitmap));
        Assert.Equal(0, both.Sync(bitmap));
        Assert.Equal("explicit+explicit", both.Name);
        both.Stop();
    }

    [Fact]
    public void Every_call_reaches_every_part()
    {
        var parts = new[] { new RecordingSource(), new RecordingSource() };
        using var bitmap = new DirtyBitmap(Memory);
        using (var both = new CompositeDirtySource(parts[0], parts[1]))
        {
            both.Start();
            both.Sync(bitmap);
            both.Reprotect(1);
            both.Restore(bitmap);
            both.Stop();
        }
        Assert.All(parts, part => Assert.Equal(["start", "sync", "reprotect 1", "restore", "stop", "dispose"], part.Calls));
    }

    [Fact]
    public void A_composite_of_nothing_is_refused() =>
        Assert.Throws<ArgumentException>(() => new CompositeDirtySource());

    private sealed class RecordingSource : IDirtySource
    {
        public List<string> Calls { get; } = [];

        public string Name => "recording";

        public void Start() => Calls.Add("start");

        public long Sync(DirtyBitmap into)
        {
            Calls.Add("sync");
            return 0;
        }

        public void Reprotect(int stripe) => Calls.Add($"reprotect {stripe}");

        public void Restore(DirtyBitmap into) => Calls.Add("restore");

        public void Stop() => Calls.Add("stop");

        public void Dispose() => Calls.Add("dispose");
    }
}
