using DataPlane.Guests;
using DataPlane.Guests.Work;

namespace DataPlane.Cli.Run;

/// <summary>A guest's run at the destination, from the handover until it was stopped.</summary>
/// <param name="RanMs">Milliseconds.</param>
/// <param name="Written">Pages it wrote meanwhile.</param>
/// <param name="Invariant">Of the guest when it was stopped.</param>
/// <param name="Work">The guest's own work there.</param>
internal sealed record GuestReport(double RanMs, long Written, InvariantReport Invariant, GuestWorkLog Work);
