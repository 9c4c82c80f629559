using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Guests;

namespace DataPlane.Bench.Dirty;

/// <summary>A dirty source, and something that writes a wanted number of pages under it and then stands still.</summary>
internal abstract class DirtySubject : IDisposable
{
    public const long MemoryBytes = 256L << 20;

    public abstract GuestMemory Memory { get; }

    public abstract IDirtySource Source { get; }

    /// <summary>Writes at least <paramref name="pages"/> pages, each once.</summary>
    public abstract Task WriteAsync(long pages);

    public abstract void Dispose();

    public static DirtySubject Make(GuestKind kind, string source) =>
        source == "vhost" ? new VhostSubject() : new GuestSubject(kind, source);
}
