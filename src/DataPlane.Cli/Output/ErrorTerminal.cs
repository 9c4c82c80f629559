namespace DataPlane.Cli.Output;

/// <summary>What is known of the terminal behind standard error.</summary>
internal static class ErrorTerminal
{
    private const int UsualWidth = 80;

    /// <summary>Whether a line can be redrawn there.</summary>
    public static bool CanRedraw =>
        !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } kind && kind != "dumb";

    /// <summary>Columns; looked up each time, since a window may be resized.</summary>
    public static int Width
    {
        get
        {
            try
            {
                return Console.WindowWidth is > 0 and var width ? width : UsualWidth;
            }
            catch (IOException)
            {
                return UsualWidth;
            }
        }
    }
}
