using DataPlane.Tools.Stress;

namespace DataPlane.Cli.Stress;

/// <summary>The one command line that runs a round again: every option that was set, whoever set it, and the seed.</summary>
internal static class RepeatLine
{
    /// <param name="round">What to run again.</param>
    /// <param name="parallel">Guests beside each other.</param>
    /// <param name="moves">Moves of each.</param>
    public static string Of(StressRound round, int parallel, int moves)
    {
        List<string> words = ["dataplane", "stress", .. RunOptionSet.Arguments(round.Case.Options, new RunOptionSet().All)];
        if (parallel > 1) words.AddRange(["--parallel", $"{parallel}"]);
        if (moves > 1) words.AddRange(["--back-and-forth", $"{moves}"]);
        words.AddRange(["--seed", $"{round.Seed}"]);
        return string.Join(' ', words.Select(Quoted));
    }

    /// <summary>As a shell takes it.</summary>
    private static string Quoted(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "-_=./:,@%+".Contains(c, StringComparison.Ordinal)) ? word
            : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
