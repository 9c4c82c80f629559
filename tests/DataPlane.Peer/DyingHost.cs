using System.Buffers;
using System.Diagnostics;
using DataPlane.Host;

namespace DataPlane.Peer;

/// <summary>
/// A host that logs when its guest runs, and whose process is killed at one of its steps where DATAPLANE_PEER_DIES names it: <c>release</c>,
/// <c>load</c>, <c>acquire</c>, <c>resume</c>, or <c>resumed</c>, when the guest runs. With <c>refuse</c> it states that no vCPU entered, with <c>balk</c> it can not release.
/// What that variable says of records is for a library that is loaded into the process (<c>tests/native/dies.c</c>).
/// </summary>
internal sealed class DyingHost(IMigrationHost inner, RunningLog? log) : IMigrationHost
{
    private readonly string[] _dies = Environment.GetEnvironmentVariable("DATAPLANE_PEER_DIES")?.Split(',') ?? [];

    public IReadOnlyList<DeviceSection> Sections => inner.Sections;

    public async ValueTask PauseAsync(CancellationToken cancel)
    {
        await inner.PauseAsync(cancel);
        log?.Stands();
    }

    public async ValueTask ResumeAsync(CancellationToken cancel)
    {
        At("resume");
        if (_dies.Contains("refuse")) throw new GuestNotEnteredException("No vCPU was created.");
        log?.LetGo();
        await inner.ResumeAsync(cancel);
        At("resumed");
    }

    public ValueTask SaveAsync(DeviceSection section, IBufferWriter<byte> state, CancellationToken cancel) => inner.SaveAsync(section, state, cancel);

    public ValueTask LoadAsync(DeviceSection section, ReadOnlyMemory<byte> state, IMemoryMarks marks, CancellationToken cancel)
    {
        At("load");
        return inner.LoadAsync(section, state, marks, cancel);
    }

    public ValueTask ReleaseAsync(CancellationToken cancel)
    {
        At("release");
        if (_dies.Contains("balk")) throw new InvalidOperationException("The disk does not let go.");
        return inner.ReleaseAsync(cancel);
    }

    public ValueTask AcquireAsync(CancellationToken cancel)
    {
        At("acquire");
        return inner.AcquireAsync(cancel);
    }

    public ValueTask AnnounceAsync(CancellationToken cancel) => inner.AnnounceAsync(cancel);

    private void At(string step)
    {
        if (!_dies.Contains(step)) return;
        using var own = Process.GetCurrentProcess();
        own.Kill(); // SIGKILL: nothing of this process runs any more.
        Thread.Sleep(Timeout.Infinite);
    }
}
