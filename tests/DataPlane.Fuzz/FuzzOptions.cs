using System.Globalization;
using DataPlane.Fuzz.Targets;

namespace DataPlane.Fuzz;

/// <summary>What the command was asked for.</summary>
internal sealed record FuzzOptions
{
    public const string Usage = """
        usage: tests/fuzz [--runs N] [--seconds S] [--seed S] [--target NAME] [--replay FILE]
          --runs N       ends after so many inputs over all targets
          --seconds S    ends after so long; 60 without either
          --seed S       the same inputs again, as far as the recorded sessions are the same; drawn and printed without
          --target NAME  one of them only; all take turns without
          --replay FILE  runs the input of a failure, and nothing else
        """;

    public long? Runs { get; init; }

    public TimeSpan? Time { get; init; }

    public int Seed { get; init; } = Random.Shared.Next();

    public IReadOnlyList<string> Targets { get; init; } = [.. TargetList.Names];

    public string? Replay { get; init; }

    /// <summary>Where the input of a failure is written.</summary>
    public string Folder { get; init; } = Path.Combine("artifacts", "fuzz");

    public static bool TryParse(string[] args, out FuzzOptions options, out string? fault)
    {
        options = new FuzzOptions();
        fault = null;
        for (var i = 0; i < args.Length; i += 2)
        {
            var read = i + 1 < args.Length ? With(options, args[i], args[i + 1]) : null;
            if (read is null)
            {
                fault = $"'{string.Join(' ', args[i..Math.Min(i + 2, args.Length)])}' is not accepted; targets are {string.Join(", ", TargetList.Names)}.";
                return false;
            }
            options = read;
        }
        if (options.Runs is null && options.Time is null) options = options with { Time = TimeSpan.FromSeconds(60) };
        return true;
    }

    private static FuzzOptions? With(FuzzOptions options, string name, string value) => name switch
    {
        "--runs" when long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var runs) && runs > 0 => options with { Runs = runs },
        "--seconds" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > 0 => options with { Time = TimeSpan.FromSeconds(seconds) },
        "--seed" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seed) => options with { Seed = seed },
        "--target" when TargetList.Names.Contains(value) => options with { Targets = [value] },
        "--replay" when File.Exists(value) => options with { Replay = value },
        _ => null,
    };
}
