namespace DataPlane.Cli.Doctor;

/// <summary>What an examination of another host found.</summary>
/// <param name="Address">Where its doctor was asked.</param>
/// <param name="Host">What it tells of itself.</param>
/// <param name="Path">What lies between.</param>
/// <param name="Between">What is judged of the two together, in the order in which people read it.</param>
internal sealed record PeerFindings(string Address, HostDescription Host, PathReading Path, IReadOnlyList<Check> Between)
{
    /// <summary>Whether a migration can work between the two, as far as the other host and the way there are concerned.</summary>
    public bool CanMigrate => Host.CanMigrate && !Between.Any(check => check is { Essential: true, Status: CheckStatus.Missing });
}
