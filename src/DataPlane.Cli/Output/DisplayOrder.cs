using DataPlane.Cli.Output.Live;

namespace DataPlane.Cli.Output;

/// <summary>What a <see cref="ProgressDisplay"/> is to do next: write a line, or show something else (nothing, where both are null).</summary>
internal sealed record DisplayOrder(IProgressView? View, string? Line)
{
    /// <summary>Only take note that a line was typed on the terminal.</summary>
    public bool IsTyped { get; init; }
}
