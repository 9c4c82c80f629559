namespace DataPlane.Cli.Doctor;

/// <summary>The other host as the document has it: what was found, or why nothing was.</summary>
/// <param name="Address">Where its doctor was asked.</param>
/// <param name="Error">Why nothing was found; null where something was.</param>
/// <param name="Host">What it tells of itself, its own checks among it; null with an error.</param>
/// <param name="Path">What lies between; null with an error.</param>
/// <param name="Between">What is judged of the two together; empty with an error.</param>
internal sealed record PeerReport(string Address, PeerReport.Failure? Error, HostDescription? Host, PathReading? Path, IReadOnlyList<DoctorReport.Item> Between)
{
    public static PeerReport Of(PeerFindings found) => new(found.Address, null, found.Host, found.Path, [.. found.Between.Select(DoctorReport.ItemOf)]);

    public static PeerReport Of(string address, PeerException fault) => new(address, new Failure(fault.Step, fault.Message), null, null, []);

    /// <param name="Step">Where it ended: <c>connect</c>, <c>greet</c> or <c>examine</c>.</param>
    /// <param name="Message">Why.</param>
    internal sealed record Failure(string Step, string Message);
}
