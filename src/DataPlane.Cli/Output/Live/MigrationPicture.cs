using DataPlane.Results;

namespace DataPlane.Cli.Output.Live;

/// <summary>All that is shown of a migration under way.</summary>
/// <param name="Progress">How it stands.</param>
/// <param name="History">How it came there.</param>
/// <param name="Limit">The blackout aimed for; null on the destination, which does not know it.</param>
internal sealed record MigrationPicture(MigrationProgress Progress, ProgressHistory History, TimeSpan? Limit)
{
    /// <summary>What it is one of; null where there is only this.</summary>
    public string? Heading { get; init; }

    /// <summary>Whether the terminal shows more than ASCII.</summary>
    public bool Unicode { get; init; }

    /// <summary>On the wire now; the last measured, before there is a rate of the last second.</summary>
    public double? BytesPerSecond => History.BytesPerSecond ?? Progress.BytesPerSecond;
}
