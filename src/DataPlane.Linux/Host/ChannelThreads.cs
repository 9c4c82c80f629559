namespace DataPlane.Linux.Host;

/// <summary>What the threads of channels are called and where they run, as the embedder wants it.</summary>
/// <param name="Prefix">Names begin with it: <c>dp</c> gives <c>dp-send-0</c>. The kernel keeps 15 bytes of a name.</param>
/// <param name="Cores">Thread N runs on number N % count of these CPUs; empty: where the scheduler puts it.</param>
internal sealed record ChannelThreads(string Prefix, IReadOnlyList<int> Cores)
{
    /// <summary>The longest prefix with which <c>-send-63</c> fits behind it.</summary>
    public const int LongestPrefix = 7;

    /// <summary>The names that everybody gets who asks for nothing.</summary>
    public const string DefaultPrefix = "dp";

    public static ChannelThreads Default { get; } = new(DefaultPrefix, []);

    /// <summary>Makes thread <paramref name="number"/> of <paramref name="role"/>. What it runs begins with <see cref="Enter"/>.</summary>
    public Thread Make(string role, int number, Action run) => new(() => run()) { IsBackground = true, Name = $"{Prefix}-{role}-{number}" };

    /// <summary>For thread <paramref name="number"/> itself: takes its name and goes to its core. Throws <see cref="LinuxException"/> where it may not.</summary>
    public void Enter(int number)
    {
        // A program compiled ahead does not tell the kernel a thread's name.
        if (Thread.CurrentThread.Name is { } name) ThreadNames.Take(name);
        if (Cores.Count > 0) ThreadCores.Bind(Cores[number % Cores.Count]);
    }
}
