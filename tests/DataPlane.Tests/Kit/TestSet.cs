namespace DataPlane.Tests.Kit;

/// <summary>How much is tried: what fits into the gate, or all, which <c>tests/all</c> asks for.</summary>
internal static class TestSet
{
    /// <summary>Whether the larger sets are to be run.</summary>
    public static bool All { get; } = Environment.GetEnvironmentVariable("DATAPLANE_TESTS") == "all";

    /// <summary>Ten times as many rounds in the larger set.</summary>
    public static int Times(int rounds) => All ? 10 * rounds : rounds;
}
