using System.Globalization;

namespace DataPlane.Bench.Choose;

/// <summary>What `choose` was asked for.</summary>
internal sealed record ChooseOptions(int Gibibytes, int Rounds, string? Json)
{
    /// <summary>RAM of the guest, as the program reads it.</summary>
    public string Memory => $"{Gibibytes}GiB";

    public long Bytes => (long)Gibibytes << 30;

    public static bool TryParse(string[] args, out ChooseOptions? options, out string? fault)
    {
        options = new ChooseOptions(4, 5, null);
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : null;
            options = (args[i], value) switch
            {
                ("--memory", not null) when value.EndsWith("GiB", StringComparison.Ordinal)
                    && int.TryParse(value[..^3], CultureInfo.InvariantCulture, out var size) && size > 0 => options! with { Gibibytes = size },
                ("--rounds", not null) when int.TryParse(value, CultureInfo.InvariantCulture, out var rounds) && rounds > 0 => options! with { Rounds = rounds },
                ("--json", not null) => options! with { Json = value },
                _ => null,
            };
            if (options is not null) continue;
            fault = $"'{args[i]} {value}' is not an option; accepted: --memory NGiB, --rounds N, --json FILE.";
            return false;
        }
        fault = null;
        return true;
    }
}
