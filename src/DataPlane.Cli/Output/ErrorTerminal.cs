using DataPlane.Cli.Output.Live;
using DataPlane.Linux.Host;

namespace DataPlane.Cli.Output;

/// <summary>What is known of the terminal behind standard error.</summary>
internal static class ErrorTerminal
{
    private static readonly ScreenSize _usual = new(80, 24);

    /// <summary>Whether lines can be redrawn there.</summary>
    public static bool CanRedraw => !Console.IsErrorRedirected && Variable("TERM") is { } kind && kind != "dumb";

    /// <summary>Whether it may be coloured, where it can be redrawn: nobody has said no.</summary>
    public static bool MayColour => Variable("NO_COLOR") is null;

    /// <summary>Whether it shows more than ASCII, as far as the locale tells.</summary>
    public static bool ShowsUnicode =>
        (Variable("LC_ALL") ?? Variable("LC_CTYPE") ?? Variable("LANG") ?? "").Replace("-", "", StringComparison.Ordinal).Contains("utf8", StringComparison.OrdinalIgnoreCase);

    /// <summary>Looked up each time, since a window may be resized.</summary>
    public static ScreenSize Size => TerminalWindow.TryRead(out var columns, out var rows) ? new ScreenSize(columns, rows) : _usual;

    /// <summary>Null where it is not set, or empty.</summary>
    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
