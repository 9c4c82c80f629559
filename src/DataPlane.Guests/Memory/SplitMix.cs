namespace DataPlane.Guests.Memory;

/// <summary>A good hash of a number: neighbours give unrelated results, and each number has its own.</summary>
internal static class SplitMix
{
    public static ulong Hash(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
