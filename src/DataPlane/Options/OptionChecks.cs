namespace DataPlane.Options;

/// <summary>The checks that options share; each adds a sentence with the accepted range.</summary>
internal static class OptionChecks
{
    public static void Range(List<string> faults, string name, long value, long low, long high, string unit)
    {
        if (value < low || value > high)
            faults.Add($"{name} is {value}{unit}; accepted: {low} to {high}.");
    }

    public static void Positive(List<string> faults, string name, TimeSpan value, TimeSpan high)
    {
        if (value <= TimeSpan.Zero || value > high)
            faults.Add($"{name} is {value.TotalMilliseconds} ms; accepted: more than 0, at most {high.TotalSeconds} s.");
    }
}
