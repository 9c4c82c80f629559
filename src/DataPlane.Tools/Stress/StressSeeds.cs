namespace DataPlane.Tools.Stress;

/// <summary>
/// The seeds of rounds and guests, all from one. The first round has the very seed that was given, and so has its first guest: a round is repeated
/// by giving its seed. The same round of two cases has the same seed, so that they differ in nothing but what is varied.
/// </summary>
internal static class StressSeeds
{
    /// <summary>Far from the numbers of rounds.</summary>
    private const ulong Guests = 1UL << 40;

    public static ulong OfRound(ulong seed, int number) => number == 1 ? seed : Mix(seed + (ulong)number);

    /// <param name="roundSeed">The round's.</param>
    /// <param name="guest">Which of the guests beside each other, from 1.</param>
    public static ulong OfGuest(ulong roundSeed, int guest) => guest == 1 ? roundSeed : Mix(roundSeed + Guests + (ulong)guest);

    /// <summary>SplitMix64's last step. 31 bits of it: a number that every reader of JSON keeps whole, and short enough to type.</summary>
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return (value ^ (value >> 31)) & int.MaxValue;
    }
}
