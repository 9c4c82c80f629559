namespace DataPlane.Tests.Matrix;

/// <summary>
/// Few rows that hold every pair of values of any two factors at least once: most faults need one value or two together, and the
/// product of all factors is seldom affordable. The same factors give the same rows.
/// </summary>
internal static class PairwiseCover
{
    /// <param name="counts">How many values each factor has, at least one.</param>
    /// <returns>Rows with the index of a value for each factor.</returns>
    public static List<int[]> Of(params int[] counts)
    {
        var missing = Pairs(counts).ToHashSet();
        var rows = new List<int[]>();
        // A lone factor has no pairs, but values all the same.
        if (counts.Length == 1) rows.AddRange(Enumerable.Range(0, counts[0]).Select(value => new[] { value }));
        foreach (var pair in Pairs(counts))
        {
            if (!missing.Contains(pair)) continue;
            var row = Enumerable.Repeat(-1, counts.Length).ToArray();
            (row[pair.Factor], row[pair.OtherFactor]) = (pair.Value, pair.OtherValue);
            for (var factor = 0; factor < counts.Length; factor++)
                if (row[factor] < 0) row[factor] = BestValue(row, factor, counts[factor], missing, rows.Count);
            missing.ExceptWith(PairsIn(row));
            rows.Add(row);
        }
        return rows;
    }

    /// <summary>Every pair there is.</summary>
    public static IEnumerable<Pair> Pairs(int[] counts) =>
        from factor in Enumerable.Range(0, counts.Length)
        from other in Enumerable.Range(factor + 1, counts.Length - factor - 1)
        from value in Enumerable.Range(0, counts[factor])
        from otherValue in Enumerable.Range(0, counts[other])
        select new Pair(factor, value, other, otherValue);

    /// <summary>The pairs of <paramref name="row"/>, whose open places are negative.</summary>
    public static IEnumerable<Pair> PairsIn(int[] row) =>
        from factor in Enumerable.Range(0, row.Length)
        from other in Enumerable.Range(factor + 1, row.Length - factor - 1)
        where row[factor] >= 0 && row[other] >= 0
        select new Pair(factor, row[factor], other, row[other]);

    // Of equally good values another one each time, so that none is in every row where nothing is left to be covered.
    private static int BestValue(int[] row, int factor, int count, HashSet<Pair> missing, int turn)
    {
        int best = -1, most = -1;
        for (var i = 0; i < count; i++)
        {
            row[factor] = (i + turn) % count;
            var covered = PairsIn(row).Count(missing.Contains);
            if (covered > most) (best, most) = (row[factor], covered);
        }
        return best;
    }

    /// <summary>One value of one factor together with one of a later factor.</summary>
    internal readonly record struct Pair(int Factor, int Value, int OtherFactor, int OtherValue);
}
