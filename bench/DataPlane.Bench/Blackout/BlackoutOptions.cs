using System.Globalization;

namespace DataPlane.Bench.Blackout;

/// <summary>What `blackout` was asked for.</summary>
/// <param name="Runs">Migrations for each case.</param>
/// <param name="Memory">RAM of the guest, as the program reads it.</param>
/// <param name="DeviceState">The guest's opaque device state, as the program reads it.</param>
/// <param name="Delay">The round trip of the only link to be measured, in milliseconds; null for all links.</param>
/// <param name="Json">Where each sample goes too.</param>
internal sealed record BlackoutOptions(int Runs, string Memory, string DeviceState, int? Delay, string? Json)
{
    public const string Accepted = "--runs N, --memory SIZE, --device-state SIZE, --delay 0|1ms|20ms, --json FILE";

    /// <summary>Round trips that are measured, in milliseconds.</summary>
    public static readonly int[] Delays = [0, 1, 20];

    public static bool TryParse(string[] args, out BlackoutOptions? options, out string? fault)
    {
        options = new BlackoutOptions(20, "1GiB", "64KiB", null, null);
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : null;
            options = (args[i], value) switch
            {
                ("--runs", not null) when int.TryParse(value, CultureInfo.InvariantCulture, out var runs) && runs > 0 => options! with { Runs = runs },
                ("--memory", not null) => options! with { Memory = value },
                ("--device-state", not null) => options! with { DeviceState = value },
                ("--delay", not null) when Array.Find(Delays, delay => value == $"{delay}ms") is > 0 and var delay => options! with { Delay = delay },
                ("--delay", "0") => options! with { Delay = 0 },
                ("--json", not null) => options! with { Json = value },
                _ => null,
            };
            if (options is not null) continue;
            fault = $"'{args[i]} {value}' is not an option; accepted: {Accepted}.";
            return false;
        }
        fault = null;
        return true;
    }
}
