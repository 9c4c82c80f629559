namespace DataPlane.Tools.Link;

/// <summary>The memories of an end, kept from one measurement to the next of the same size. One user at a time.</summary>
internal sealed class LinkMemories : IDisposable
{
    private LinkMemory? _toSend;
    private LinkMemory? _toReceive;

    /// <summary>Stays this object's, and is good until the next call.</summary>
    public LinkMemory ToSend(long bytes) => Take(ref _toSend, bytes, LinkMemory.Noise);

    /// <inheritdoc cref="ToSend"/>
    public LinkMemory ToReceive(long bytes) => Take(ref _toReceive, bytes, LinkMemory.Populated);

    public void Dispose()
    {
        _toSend?.Dispose();
        _toReceive?.Dispose();
    }

    private static LinkMemory Take(ref LinkMemory? kept, long bytes, Func<long, LinkMemory> make)
    {
        if (kept is not null && kept.Guest.ByteCount == bytes) return kept;
        kept?.Dispose(); // First: two of them at once may be more than this host has.
        kept = null;
        return kept = make(bytes);
    }
}
