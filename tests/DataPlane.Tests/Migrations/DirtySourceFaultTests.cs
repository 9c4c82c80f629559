using DataPlane.Core.Dirty;
using DataPlane.Core.Errors;
using DataPlane.Guests;
using DataPlane.Host;
using DataPlane.Results;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Migrations;

/// <summary>
/// A dirty source that fails, on the control loop's thread or on a channel's: the migration ends with a result, the guest goes on and
/// no page is taken for sent that was not.
/// </summary>
[Collection("machine")]
public sealed class DirtySourceFaultTests
{
    [Theory]
    [InlineData("start", 1)]
    [InlineData("reprotect", 1)]
    [InlineData("reprotect", 20)]
    [InlineData("sync", 1)]
    [InlineData("sync", 2)]
    public async Task Fails_GuestGoesOn(string call, int number)
    {
        using var source = Guest.CreateSource(GuestSizes.Busy(GuestKind.Synthetic));
        using var destination = Guest.CreateDestination(GuestSizes.Busy(GuestKind.Synthetic) with { Poison = true });
        var broken = new BrokenSource(source.CreateDirtySource("auto"), call, number);
        using var pair = new MigrationPair(source.Memory, broken, new HookedHost(source), destination.Memory, new HookedHost(destination));
        source.Start();

        var (sent, received) = await pair.RunAsync();

        Assert.Equal((MigrationStatus.Failed, MigrationErrorCode.Internal), (sent.Status, sent.Error!.Code));
        Assert.Contains("broken on purpose", sent.Error.Message, StringComparison.Ordinal);
        Assert.Equal(MigrationStatus.Failed, received.Status);
        Assert.True(source.IsRunning);
        Assert.False(destination.IsRunning);
        await source.PauseAsync(default);
        Assert.Empty(pair.UnknownDifferences());
    }

    [Fact]
    public async Task FailsToStop_GuestHasMoved()
    {
        using var source = Guest.CreateSource(GuestSizes.Busy(GuestKind.Synthetic));
        using var destination = Guest.CreateDestination(GuestSizes.Busy(GuestKind.Synthetic) with { Poison = true });
        using var listener = MigrationListener.Bind(MigrationAddress.Of(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0)));
        using var broken = new BrokenSource(source.CreateDirtySource("auto"), "stop", 1);
        source.Start();

        var received = new MigrationDestination(destination.Memory, destination, new()).RunAsync(listener, default);
        var sent = await new MigrationSource(source.Memory, broken, source, new()).RunAsync(listener.Address, default);

        Assert.Equal((MigrationStatus.Completed, MigrationStatus.Completed), (sent.Status, (await received).Status));
        Assert.Null(sent.Error);
        Assert.True(destination.IsRunning);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1L << 40)]
    public void SectionThatFitsNoArray_IsRefusedByName(long size)
    {
        using var guest = Guest.CreateSource(GuestSizes.Busy(GuestKind.Synthetic));
        using var dirty = guest.CreateDirtySource("auto");
        var host = new HookedHost(guest) { Sections = [new DeviceSection("vast", 1, size)] };

        var fault = Assert.Throws<ArgumentException>(() => new MigrationSource(guest.Memory, dirty, host, new()));

        Assert.Contains($"'vast' declares {size} bytes", fault.Message, StringComparison.Ordinal);
    }

    private sealed class BrokenSource(IDirtySource inner, string call, int number) : IDirtySource
    {
        private int _left = number;

        public string Name => inner.Name;

        public void Start()
        {
            Break("start");
            inner.Start();
        }

        public long Sync(DirtyBitmap into)
        {
            Break("sync");
            return inner.Sync(into);
        }

        public void Reprotect(int stripe)
        {
            Break("reprotect");
            inner.Reprotect(stripe);
        }

        public void Restore(DirtyBitmap into) => inner.Restore(into);

        public void Stop()
        {
            Break("stop");
            inner.Stop();
        }

        public void Dispose() => inner.Dispose();

        private void Break(string where)
        {
            if (where == call && Interlocked.Decrement(ref _left) == 0) throw new InvalidOperationException("The source is broken on purpose.");
        }
    }
}
