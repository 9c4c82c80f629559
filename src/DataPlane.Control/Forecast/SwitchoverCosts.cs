namespace DataPlane.Control.Forecast;

/// <summary>
/// What the steps of a blackout have cost so far, carried from attempt to attempt and from migration to migration. Before the first one
/// guesses stand in: medians of rehearsed first blackouts of the program (bench <c>blackout</c>, idle). Not for several threads.
/// </summary>
internal sealed class SwitchoverCosts
{
    // Writing state into fresh memory and summing it, some 4 GB/s; putting its pieces together, summing and reading it, some 3.5 GB/s.
    private static readonly PerByte SavedByte = new(0.25), LoadedByte = new(0.3);

    private readonly Dictionary<string, StepCost> _saves = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StepCost> _loads = new(StringComparer.Ordinal);

    /// <summary>The host stops the guest.</summary>
    public StepCost Stop { get; } = new(Estimate.Microseconds(150, 100));

    /// <summary>Each of the two reads of the dirty sources, beyond the CPU time that it needs: a source that waits for others.</summary>
    public StepCost Reads { get; } = new(Estimate.Microseconds(30, 50));

    /// <summary>Telling the channels what to do and hearing that it is done, beyond what the bytes take.</summary>
    public StepCost Orders { get; } = new(Estimate.Microseconds(250, 200));

    /// <summary>From the last byte in the sockets to the last byte in place, beyond what the link takes.</summary>
    public StepCost Landing { get; } = new(Estimate.Microseconds(50, 80));

    /// <summary>Beside the sections' own times, on the destination.</summary>
    public StepCost Loading { get; } = new(Estimate.Microseconds(120, 100));

    /// <summary>PREPARED comes in and is acted upon, beyond half of a round trip.</summary>
    public StepCost Prepared { get; } = new(Estimate.Microseconds(60, 80));

    /// <summary>The host releases, and the records are written.</summary>
    public StepCost Give { get; } = new(Estimate.Microseconds(80, 60));

    /// <summary>COMMIT comes in and is acted upon, beyond half of a round trip.</summary>
    public StepCost Commit { get; } = new(Estimate.Microseconds(60, 60));

    /// <summary>The destination's host acquires, and the records are written.</summary>
    public StepCost Take { get; } = new(Estimate.Microseconds(80, 60));

    /// <summary>The destination's host lets the guest run.</summary>
    public StepCost Resume { get; } = new(Estimate.Microseconds(180, 100));

    /// <summary>Bytes per second of the last blackout that was called off, if it had enough to tell; null otherwise.</summary>
    public double? AchievedBytesPerSecond { get; set; }

    /// <summary>What saving section <paramref name="id"/> takes: as measured before, or as the host declares and its bytes cost.</summary>
    public Estimate Save(string id, TimeSpan declared, long bytes) => Of(_saves, id, declared + (bytes * SavedByte));

    /// <summary>What loading section <paramref name="id"/> takes: as measured before, or as the host declares and its bytes cost.</summary>
    public Estimate Load(string id, TimeSpan declared, long bytes) => Of(_loads, id, declared + (bytes * LoadedByte));

    public void Saved(string id, TimeSpan took) => Add(_saves, id, took);

    public void Loaded(string id, TimeSpan took) => Add(_loads, id, took);

    // Of hosts' words a tenth is taken to be uncertain.
    private static Estimate Of(Dictionary<string, StepCost> steps, string id, TimeSpan declared) =>
        steps.TryGetValue(id, out var known) ? known.Estimate : new Estimate(declared, declared / 10);

    private readonly record struct PerByte(double Nanoseconds)
    {
        public static TimeSpan operator *(long bytes, PerByte cost) => TimeSpan.FromMicroseconds(bytes * cost.Nanoseconds / 1e3);
    }

    private static void Add(Dictionary<string, StepCost> steps, string id, TimeSpan took)
    {
        if (!steps.TryGetValue(id, out var cost)) steps[id] = cost = new StepCost(Estimate.Zero);
        cost.Add(took);
    }
}
