using DataPlane.Core.Errors;

namespace DataPlane.Results;

/// <summary>A <see cref="MigrationError"/> in the result document.</summary>
/// <param name="Code">Stable name of the code.</param>
/// <param name="Number">Stable number of the code.</param>
/// <param name="Side"><c>source</c> or <c>destination</c>: who found it.</param>
/// <param name="Step">What was being done.</param>
/// <param name="Message">A sentence.</param>
/// <param name="PeerMessage">The peer's own words.</param>
public sealed record ErrorReport(MigrationErrorCode Code, int Number, MigrationSide Side, string Step, string Message, string? PeerMessage)
{
    internal static ErrorReport From(MigrationError error) =>
        new(error.Code, (int)error.Code, error.Side, error.Step, error.Message, error.PeerMessage);
}
