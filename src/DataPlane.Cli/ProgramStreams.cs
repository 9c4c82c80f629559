using DataPlane.Cli.Output;

namespace DataPlane.Cli;

/// <summary>Where the program writes: results to one, everything else to the other.</summary>
/// <param name="Out">Standard output.</param>
/// <param name="Error">Standard error.</param>
/// <param name="CanRedraw">Whether standard error is a terminal that can be redrawn.</param>
internal sealed record ProgramStreams(TextWriter Out, TextWriter Error, bool CanRedraw)
{
    public static ProgramStreams OfProcess() => new(Console.Out, Console.Error, ErrorTerminal.CanRedraw);
}
