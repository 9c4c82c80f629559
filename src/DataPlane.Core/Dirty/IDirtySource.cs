namespace DataPlane.Core.Dirty;

/// <summary>
/// Where news of written pages comes from. The control loop calls <see cref="Start"/>, <see cref="Sync"/> and <see cref="Stop"/>,
/// never two at once; channel threads call <see cref="Reprotect"/> at any time between Start and Stop, also beside a Sync.
/// </summary>
/// <remarks>
/// The contract, which the migration's correctness rests on: a write to page P that happens after the last Reprotect of P's stripe
/// has returned, is reported by a Sync that starts after the write. A page may be reported that was not written; none may be missed.
/// </remarks>
public interface IDirtySource : IDisposable
{
    /// <summary>The name in results and options: <c>protect</c>, <c>explicit</c>, ...; composites join names with '+'.</summary>
    string Name { get; }

    /// <summary>Begins tracking. What was written before is not reported: the caller sends every page once by itself.</summary>
    void Start();

    /// <summary>Adds the pages written since they were last reported to <paramref name="into"/>. Returns how many bits were clear there before.</summary>
    long Sync(DirtyBitmap into);

    /// <summary>
    /// Called with pages of guest-wide stripe <paramref name="stripe"/> just claimed from the bitmap and not read yet: from its
    /// return on, a write to any page that an earlier Sync reported there is reported again.
    /// </summary>
    void Reprotect(int stripe);

    /// <summary>
    /// After a switchover that was called off: marks again every page that was reported and sent without a <see cref="Reprotect"/>,
    /// since writes to those would otherwise never be reported.
    /// </summary>
    void Restore(DirtyBitmap into);

    /// <summary>Ends tracking and gives back what it held. Does nothing if not started.</summary>
    void Stop();
}
