using DataPlane.Cli.Run;

namespace DataPlane.Cli.Demo;

/// <summary>
/// Ends a destination when the process that started it is gone: that one holds the other end of standard input, which the kernel
/// closes however it ended.
/// </summary>
internal static class ParentWatch
{
    /// <summary>Longer than a clean end takes; a guest whose owner is gone must not stay for ever.</summary>
    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(10);

    /// <summary>Held here so that it is not collected before it fires.</summary>
    private static Timer? _late;

    public static void Start(Interrupts interrupts)
    {
        var thread = new Thread(() => Watch(interrupts)) { IsBackground = true, Name = "parent watch" };
        thread.Start();
    }

    private static void Watch(Interrupts interrupts)
    {
        using var input = Console.OpenStandardInput();
        Span<byte> ignored = stackalloc byte[64];
        while (input.Read(ignored) > 0)
        {
        }
        _late = new Timer(_ => Environment.Exit(ExitCodes.Failed), null, _grace, Timeout.InfiniteTimeSpan);
        interrupts.End();
    }
}
