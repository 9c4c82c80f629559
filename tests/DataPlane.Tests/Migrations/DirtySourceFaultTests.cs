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
        Assert.Contains("broken on purpose", Assert.Single(sent.Warnings), StringComparison.Ordinal);
        Assert.True(destination.IsRunning);
    }

    /// <summary>Its user does not want another attempt: what tracked for that one is stopped when everything else is over.</summary>
    [Fact]
    public async Task FailsToStop_AfterTheLastAttempt_ResultStands()
    {
        using var source = Guest.CreateSource(GuestSizes.Busy(GuestKind.Synthetic));
        using var destination = Guest.CreateDestination(GuestSizes.Busy(GuestKind.Synthetic) with { Poison = true });
        using var listener = MigrationListener.Bind(MigrationAddress.Of(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0)));
        using var broken = new BrokenSource(source.CreateDirtySource("auto"), "stop", 1);
        using var cancel = new CancellationTokenSource();
        var host = new HookedHost(source);
        host.Before("save opaque", () => throw new InvalidOperationException("the device is stuck"));
        host.After("resume", cancel.Cancel);
        source.Start();

        var receiving = new MigrationDestination(destination.Memory, destination, new()).RunAsync(listener, cancel.Token);
        var sent = await new MigrationSource(source.Memory, broken, host, new() { Retries = 1 }).RunAsync(listener.Address, cancel.Token);

        _ = await receiving;
        Assert.Equal((MigrationStatus.Failed, MigrationErrorCode.HostFailed), (sent.Status, sent.Error!.Code));
        Assert.Contains(sent.Warnings, warning => warning.Contains("broken on purpose", StringComparison.Ordinal));
        Assert.True(source.IsRunning);
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
