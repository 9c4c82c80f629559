namespace DataPlane.Tests.Kit;

/// <summary>How much is tried: what fits into the gate, or all, which <c>tests/all</c> asks for; and how slow the machine may be.</summary>
internal static class TestSet
{
    /// <summary>Whether the larger sets are to be run.</summary>
    public static bool All { get; } = Environment.GetEnvironmentVariable("DATAPLANE_TESTS") == "all";

    /// <summary>
    /// What is to end by <paramref name="bound"/> on a machine of its own, with what <c>DATAPLANE_TEST_PATIENCE</c> says that this one is slower: an emulated
    /// one by tens.
    /// </summary>
    public static TimeSpan Patience(TimeSpan bound) => int.TryParse(Environment.GetEnvironmentVariable("DATAPLANE_TEST_PATIENCE"), out var times) ? times * bound : bound;

    /// <summary>Ten times as many rounds in the larger set.</summary>
    public static int Times(int rounds) => All ? 10 * rounds : rounds;
}
