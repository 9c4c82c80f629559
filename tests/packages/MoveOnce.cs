// A program that has nothing but the package DataPlane: moves 8 MiB from one memory of its own to another, over loopback.
using System.Buffers;
using System.Runtime.InteropServices;
using DataPlane;
using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Host;
using DataPlane.Options;

const int Length = 8 << 20;

var (there, here) = (Allocate(7), Allocate(0));
using var dirty = new ExplicitDirtySource(there);
using var source = new MigrationSource(there, dirty, new StandingGuest(), new MigrationOptions { Verify = VerifyMode.Full });
using var destination = new MigrationDestination(here, new StandingGuest(), new MigrationDestinationOptions());
_ = MigrationAddress.TryParse("tcp:127.0.0.1:0", out var any, out _);
using var listener = MigrationListener.Bind(any!);
var receiving = destination.RunAsync(listener, CancellationToken.None);
var sent = await source.RunAsync(listener.Address, CancellationToken.None);
_ = await receiving;
Console.WriteLine(sent.Error is null && sent.Verify!.Mismatched == 0 ? sent.Status.ToString() : sent.ToJson());

static unsafe GuestMemory Allocate(byte fill)
{
    var at = NativeMemory.AlignedAlloc(Length, 4096);
    new Span<byte>(at, Length).Fill(fill);
    return new GuestMemory([new RamBlockInfo("ram", (nint)at, Length, GuestAddress: 0)]);
}

internal sealed class StandingGuest : IMigrationHost
{
    public IReadOnlyList<DeviceSection> Sections { get; } = [new DeviceSection("device", 1, 16)];

    public ValueTask PauseAsync(CancellationToken cancel) => default;

    public ValueTask ResumeAsync(CancellationToken cancel) => default;

    public ValueTask SaveAsync(DeviceSection section, IBufferWriter<byte> state, CancellationToken cancel)
    {
        state.Write("state"u8);
        return default;
    }

    public ValueTask LoadAsync(DeviceSection section, ReadOnlyMemory<byte> state, IMemoryMarks marks, CancellationToken cancel) => default;

    public ValueTask ReleaseAsync(CancellationToken cancel) => default;

    public ValueTask AcquireAsync(CancellationToken cancel) => default;

    public ValueTask AnnounceAsync(CancellationToken cancel) => default;
}
