using DataPlane.Guests;
using DataPlane.Guests.Work;
using DataPlane.Results;

namespace DataPlane.Cli.Run;

/// <summary>How the migration ended, seen from the source.</summary>
/// <param name="Result">The result.</param>
/// <param name="Stayed">Whether the guest was still running here afterwards.</param>
/// <param name="Invariant">Of the guest as it stood when it was stopped here.</param>
/// <param name="Work">The guest's own work until then.</param>
internal sealed record SourceOutcome(MigrationResult Result, bool Stayed, InvariantReport Invariant, GuestWorkLog Work);
