namespace DataPlane.Host;

/// <summary>
/// What a host may implement beside <see cref="IMigrationHost"/>, on either side: when the guest really stood and ran, which lies within the calls
/// that stopped and resumed it. With it the blackout is counted from the guest's last instruction to its first; without it, from before the
/// pause to after the resume. Nanoseconds of CLOCK_MONOTONIC. Asked for when the call has returned; a moment outside the call is ignored.
/// </summary>
public interface IGuestMoments
{
    /// <summary>When the last vCPU left the guest for the last pause; null where that is not known.</summary>
    long? StoppedAt { get; }

    /// <summary>When the first vCPU entered the guest for the last resume; null where that is not known.</summary>
    long? ResumedAt { get; }
}
