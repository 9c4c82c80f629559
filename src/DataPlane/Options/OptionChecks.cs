using DataPlane.Linux.Host;

namespace DataPlane.Options;

/// <summary>The checks that options share; each adds a sentence with the accepted range.</summary>
internal static class OptionChecks
{
    public static void Range(List<string> faults, string name, long value, long low, long high, string unit)
    {
        if (value < low || value > high)
            faults.Add($"{name} is {value}{unit}; accepted: {low} to {high}.");
    }

    /// <summary>How channel threads are named and placed.</summary>
    public static void Threads(List<string> faults, string prefix, IReadOnlyList<int> cores)
    {
        if (prefix.Length is 0 or > ChannelThreads.LongestPrefix || prefix.Any(sign => sign is < '!' or > '~'))
            faults.Add($"The thread prefix '{prefix}' is not 1 to {ChannelThreads.LongestPrefix} visible ASCII characters.");
        foreach (var core in cores.Where(core => core is < 0 or >= ThreadCores.Most))
            faults.Add($"There is no CPU {core}; accepted: 0 to {ThreadCores.Most - 1}.");
    }

    public static void Positive(List<string> faults, string name, TimeSpan value, TimeSpan high)
    {
        if (value <= TimeSpan.Zero || value > high)
            faults.Add($"{name} is {value.TotalMilliseconds} ms; accepted: more than 0, at most {high.TotalSeconds} s.");
    }
}
