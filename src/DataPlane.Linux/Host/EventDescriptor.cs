using DataPlane.Linux.Kvm;

namespace DataPlane.Linux.Host;

/// <summary>A descriptor for an embedder's event loop: readable from <see cref="Set"/> to <see cref="Clear"/>. Any thread.</summary>
internal sealed unsafe class EventDescriptor : IDisposable
{
    public EventDescriptor()
    {
        Fd = ThreadNative.EventFd(0, ThreadNative.NonBlocking | ThreadNative.CloseOnExec);
        if (Fd < 0) throw LinuxException.Last("eventfd");
    }

    public int Fd { get; private set; }

    public void Set()
    {
        ulong one = 1;
        if (Fd >= 0) _ = ThreadNative.Write(Fd, &one, sizeof(ulong));
    }

    public void Clear()
    {
        ulong count;
        if (Fd >= 0) _ = ThreadNative.Read(Fd, &count, sizeof(ulong));
    }

    public void Dispose()
    {
        if (Fd >= 0) _ = Memory.MemoryNative.Close(Fd);
        Fd = -1;
    }
}
