namespace DataPlane.Bench.Blackout;

/// <summary>One row of the table.</summary>
/// <param name="Name">For the table.</param>
/// <param name="DirtyMebibytes">How much the guest dirties in a second, MiB; 0 for an idle guest.</param>
/// <param name="RoundTripMilliseconds">What the way to the destination and back takes longer than loopback.</param>
internal sealed record BlackoutCase(string Name, int DirtyMebibytes, int RoundTripMilliseconds)
{
    public static IReadOnlyList<BlackoutCase> Of(int? delay) =>
    [
        .. BlackoutOptions.Delays.Where(each => delay is null || each == delay).SelectMany(each => new[] { Make(0, each), Make(50, each) }),
    ];

    private static BlackoutCase Make(int dirty, int delay) => new(
        $"{(dirty == 0 ? "idle" : $"{dirty} MiB/s")}, {(delay == 0 ? "loopback" : $"{delay} ms round trip")}", dirty, delay);
}
