using System.Globalization;

namespace DataPlane.Bench.Compare;

/// <summary>What `compare` was asked for.</summary>
/// <param name="Bytes">RAM of the guest.</param>
/// <param name="Rounds">Runs of each contender.</param>
/// <param name="Only">Names of cases, or how they begin; empty for all.</param>
/// <param name="HugePages">Whether the memory is in huge pages, where they can be had, in the cases that do not name their own.</param>
/// <param name="Json">Where each sample goes too.</param>
internal sealed record CompareOptions(long Bytes, int Rounds, IReadOnlyList<string> Only, bool HugePages, string? Json)
{
    public const string Accepted = "--memory NGiB or NMiB (from 256MiB), --rounds N, --only CASE,..., --pages 4KiB|2MiB, --json FILE";

    public static bool TryParse(string[] args, out CompareOptions? options, out string? fault)
    {
        options = new CompareOptions(4L << 30, 5, [], false, null);
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : null;
            options = (args[i], value) switch
            {
                ("--memory", not null) when TrySize(value, out var bytes) => options! with { Bytes = bytes },
                ("--rounds", not null) when int.TryParse(value, CultureInfo.InvariantCulture, out var rounds) && rounds > 0 => options! with { Rounds = rounds },
                ("--only", not null) => options! with { Only = value.Split(',') },
                ("--pages", "4KiB" or "2MiB") => options! with { HugePages = value == "2MiB" },
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

    public bool Wants(string name) => Only.Count == 0 || Only.Any(each => name == each || name.StartsWith(each + "-", StringComparison.Ordinal));

    private static bool TrySize(string text, out long bytes)
    {
        var shift = text.EndsWith("GiB", StringComparison.Ordinal) ? 30 : text.EndsWith("MiB", StringComparison.Ordinal) ? 20 : 0;
        bytes = shift > 0 && int.TryParse(text[..^3], NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? (long)count << shift : 0;
        return bytes is >= 256L << 20 and <= 1L << 40;
    }
}
