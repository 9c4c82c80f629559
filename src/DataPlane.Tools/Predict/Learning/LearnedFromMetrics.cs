namespace DataPlane.Tools.Predict;

/// <summary>What the metrics of a migration under way tell of its guest, at one moment.</summary>
/// <param name="MemoryBytes">All of the memory.</param>
/// <param name="RemainingBytes">Marked and not yet sent.</param>
/// <param name="DirtyBytesPerSecond">Dirtied anew; null in the first pass, before it has been measured.</param>
/// <param name="BytesPerSecond">Rate on the wire; 0 where nothing has gone over it yet.</param>
public sealed record LearnedFromMetrics(double MemoryBytes, double RemainingBytes, double? DirtyBytesPerSecond, double BytesPerSecond)
{
    private const string Prefix = "dataplane_migration_";

    /// <summary>Reads Prometheus' text. Null where it has no migration under way in it.</summary>
    public static LearnedFromMetrics? Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        IEnumerable<string> Series(string name) => text.Split('\n').Where(line => line.StartsWith(Prefix + name, StringComparison.Ordinal)
            && line.Length > Prefix.Length + name.Length && line[Prefix.Length + name.Length] is ' ' or '{');
        double Sum(string name) => Series(name).Sum(line => double.TryParse(line.AsSpan(line.LastIndexOf(' ') + 1), System.Globalization.CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : 0);
        const string dirtied = "memory_dirty_rate_bytes_per_second";
        var memory = Sum("memory_total_bytes");
        return memory < Core.Memory.PageGeometry.PageSize ? null : new LearnedFromMetrics(
            memory, Math.Clamp(Sum("memory_remaining_bytes"), 0, memory), Series(dirtied).Any() ? Math.Max(0, Sum(dirtied)) : null, Math.Max(0, Sum("throughput_bytes_per_second")));
    }

    /// <summary>
    /// <paramref name="options"/> with this put in, and a line for each figure taken from <paramref name="name"/>. The migration is not begun anew: what remains is
    /// where it stands. Where the guest writes is not told, so that it is taken to write anywhere. A dirty rate that is not
    /// known stays that of the options.
    /// </summary>
    public PredictOptions Put(PredictOptions options, string name)
    {
        ArgumentNullException.ThrowIfNull(options);
        var inputs = new List<PredictInput>(options.Inputs);
        void Tell(FormattableString what, string of) => inputs.Add(new PredictInput(of, FormattableString.Invariant(what), name));
        const double mebi = 1 << 20;
        Tell($"{MemoryBytes / mebi:0} MiB", "memory");
        Tell($"{RemainingBytes / mebi:0.#} MiB", "remaining");
        if (DirtyBytesPerSecond is { } dirtied) Tell($"{dirtied / mebi:0.#} MiB/s, any page", "dirty rate");
        var guest = options.Guest with
        {
            MemoryBytes = (long)MemoryBytes & ~(Core.Memory.PageGeometry.PageSize - 1L),
            RemainingBytes = (long)RemainingBytes & ~(Core.Memory.PageGeometry.PageSize - 1L),
            DirtyBytesPerSecond = DirtyBytesPerSecond ?? options.Guest.DirtyBytesPerSecond,
            Pattern = PredictPattern.Uniform,
        };
        var link = options.Link;
        if (BytesPerSecond > 0)
        {
            link = link with { BytesPerSecond = BytesPerSecond };
            Tell($"{BytesPerSecond * 8 / 1e9:0.###} Gbit/s", "link");
        }
        // It is set up, and its process has rehearsed.
        var machine = options.Machine with { Setup = TimeSpan.Zero, Rehearsal = TimeSpan.Zero };
        return options with { Guest = guest, Link = link, Machine = machine, Inputs = inputs };
    }
}
