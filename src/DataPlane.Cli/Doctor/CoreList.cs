namespace DataPlane.Cli.Doctor;

/// <summary>The kernel's lists of cores: <c>0-3,8,10-11</c>.</summary>
internal static class CoreList
{
    /// <summary>How many are in it; null where it is no such list.</summary>
    public static int? Count(string? list)
    {
        if (string.IsNullOrWhiteSpace(list)) return null;
        var count = 0;
        foreach (var range in list.Split(','))
        {
            var ends = range.Split('-');
            if (ends.Length > 2 || !int.TryParse(ends[0], out var first) || !int.TryParse(ends[^1], out var last) || last < first) return null;
            count += last - first + 1;
        }
        return count;
    }
}
