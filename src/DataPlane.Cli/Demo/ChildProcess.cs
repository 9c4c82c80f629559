using System.Diagnostics;

namespace DataPlane.Cli.Demo;

/// <summary>The end of a process of this program that ends when its standard input is closed.</summary>
internal static class ChildProcess
{
    /// <summary>Longer than a clean end takes, with a guest to stop and a peer to tell.</summary>
    public static TimeSpan Grace { get; } = TimeSpan.FromSeconds(15);

    /// <summary>Tells it to stop, and returns when it has ended: by itself, or killed once its time is over.</summary>
    public static async Task EndAsync(Process process)
    {
        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync().WaitAsync(Grace);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }
    }
}
