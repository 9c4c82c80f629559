using FsCheck;
using FsCheck.Fluent;

namespace DataPlane.Tests.Kit;

/// <summary>
/// Runs a property over generated input and shrinks what fails. The failure's message holds the seed and size to replay:
/// set DATAPLANE_SEED to "SEED,GAMMA" or "SEED,GAMMA,SIZE" as printed there, and run that one test.
/// </summary>
internal static class PropertyCheck
{
    public static void Holds<T>(Action<T> body, int tests = 200) => Holds(ArbMap.Default.ArbFor<T>(), body, tests);

    public static void Holds<T>(Arbitrary<T> inputs, Action<T> body, int tests = 200)
    {
        var config = Config.QuickThrowOnFailure.WithMaxTest(tests);
        if (Environment.GetEnvironmentVariable("DATAPLANE_SEED") is { Length: > 0 } seed)
            config = config.WithReplay(ReplayOf(seed));
        Check.One(config, Prop.ForAll(inputs, body));
    }

    private static Replay ReplayOf(string text)
    {
        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        var rnd = new Rnd(ulong.Parse(parts[0]), ulong.Parse(parts[1]));
        return parts.Length > 2 ? new Replay(rnd, int.Parse(parts[2])) : new Replay(rnd, null);
    }
}
