namespace DataPlane.Core.Dirty;

/// <summary>Several sources as one: a page is dirty when any of them says so. Owns its parts.</summary>
public sealed class CompositeDirtySource : IDirtySource
{
    private readonly IDirtySource[] _parts;

    /// <summary>Joins <paramref name="parts"/>; at least one.</summary>
    public CompositeDirtySource(params IDirtySource[] parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Length == 0) throw new ArgumentException("A composite dirty source needs at least one part.", nameof(parts));
        _parts = [.. parts];
    }

    /// <inheritdoc/>
    public string Name => string.Join('+', _parts.Select(part => part.Name));

    /// <inheritdoc/>
    public void Start()
    {
        foreach (var part in _parts) part.Start();
    }

    /// <inheritdoc/>
    public long Sync(DirtyBitmap into)
    {
        long added = 0;
        foreach (var part in _parts) added += part.Sync(into);
        return added;
    }

    /// <inheritdoc/>
    public void Reprotect(int stripe)
    {
        foreach (var part in _parts) part.Reprotect(stripe);
    }

    /// <inheritdoc/>
    public void Restore(DirtyBitmap into)
    {
        foreach (var part in _parts) part.Restore(into);
    }

    /// <inheritdoc/>
    public void Stop()
    {
        foreach (var part in _parts) part.Stop();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var part in _parts) part.Dispose();
    }
}
