namespace DataPlane.Guests.Work;

/// <summary>A guest's count of writes at one moment.</summary>
/// <param name="Nanoseconds">The moment, of CLOCK_MONOTONIC: all processes of a host have the same.</param>
/// <param name="Writes">Pages written so far, in the guest's whole life.</param>
/// <param name="Joined">Whether the guest ran from the point before until this one, as far as was seen; false for the first after it stood.</param>
public readonly record struct GuestWorkPoint(long Nanoseconds, long Writes, bool Joined);
