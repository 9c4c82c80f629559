using System.Globalization;

namespace DataPlane.Tests.Handover.Processes;

/// <summary>When a guest ran in a process, from the log that the process kept: each from when it was let go to when it stood, or to the last that it was seen to do.</summary>
internal static class RunningIntervals
{
    public static List<(long From, long To)> Read(string path, bool alive)
    {
        var ran = new List<(long From, long To)>();
        long? since = null;
        var last = 0L;
        foreach (var line in File.ReadLines(path))
        {
            var words = line.Split(' ');
            last = long.Parse(words[1], CultureInfo.InvariantCulture);
            if (words[0] == "go") since ??= last;
            if (words[0] != "stands" || since is null) continue;
            ran.Add((since.Value, last));
            since = null;
        }
        if (since is { } open) ran.Add((open, alive ? long.MaxValue : last));
        return ran;
    }

    /// <summary>Two that share a moment, as a sentence; null where there are none.</summary>
    public static string? FirstOverlap(IReadOnlyList<(string Who, long From, long To)> all)
    {
        for (var i = 0; i < all.Count; i++)
            for (var j = i + 1; j < all.Count; j++)
                if (all[i].From < all[j].To && all[j].From < all[i].To)
                    return $"The guest ran at the {all[i].Who} from {all[i].From} to {all[i].To} and at the {all[j].Who} from {all[j].From} to {all[j].To}.";
        return null;
    }
}
