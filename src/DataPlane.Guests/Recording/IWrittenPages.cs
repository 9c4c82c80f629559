using DataPlane.Core.Traces;

namespace DataPlane.Guests.Recording;

/// <summary>Memory of which a trace can be made. One thread at a time.</summary>
public interface IWrittenPages : IDisposable
{
    /// <summary>How written pages are found, for people.</summary>
    string Method { get; }

    /// <summary>Bytes of the memory; whole pages.</summary>
    long MemoryBytes { get; }

    /// <summary>Begins: what is written from now on counts.</summary>
    void Start();

    /// <summary>The pages written since the last call, or the start, in ascending order; what is written from now on counts for the next.</summary>
    IReadOnlyList<PageRun> Take();
}
