using DataPlane.Cli.Output.Live;

namespace DataPlane.Cli.Output;

/// <summary>What a <see cref="ProgressDisplay"/> writes to.</summary>
/// <param name="CanRedraw">Whether it is a terminal that can be redrawn.</param>
/// <param name="MayColour">Whether such a one may be coloured.</param>
/// <param name="Size">Its size now.</param>
internal sealed record DisplayTerminal(bool CanRedraw, bool MayColour, Func<ScreenSize> Size);
