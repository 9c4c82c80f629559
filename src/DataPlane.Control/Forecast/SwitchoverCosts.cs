namespace DataPlane.Control.Forecast;

/// <summary>
/// What the steps of a blackout have cost so far, carried from attempt to attempt and from migration to migration. Before the first one
/// guesses stand in: medians of first blackouts of the program, where each step runs code for the first time. Not for several threads.
/// </summary>
internal sealed class SwitchoverCosts
{
    private readonly Dictionary<string, StepCost> _saves = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StepCost> _loads = new(StringComparer.Ordinal);

    /// <summary>The host stops the guest.</summary>
    public StepCost Stop { get; } = new(Estimate.Microseconds(450, 200));

    /// <summary>Telling the channels what to do and hearing that it is done, beyond what the bytes take.</summary>
    public StepCost Orders { get; } = new(Estimate.Microseconds(2500, 1000));

    /// <summary>From the last byte in the sockets to the last byte in place, beyond what the link takes.</summary>
    public StepCost Landing { get; } = new(Estimate.Microseconds(100, 100));

    /// <summary>Beside the sections' own times, on the destination.</summary>
    public StepCost Loading { get; } = new(Estimate.Microseconds(1500, 800));

    /// <summary>PREPARED comes in and is acted upon, beyond half of a round trip.</summary>
    public StepCost Prepared { get; } = new(Estimate.Microseconds(150, 150));

    /// <summary>The host releases, and the records are written.</summary>
    public StepCost Give { get; } = new(Estimate.Microseconds(700, 300));

    /// <summary>COMMIT comes in and is acted upon, beyond half of a round trip.</summary>
    public StepCost Commit { get; } = new(Estimate.Microseconds(150, 150));

    /// <summary>The destination's host acquires, and the records are written.</summary>
    public StepCost Take { get; } = new(Estimate.Microseconds(900, 500));

    /// <summary>The destination's host lets the guest run.</summary>
    public StepCost Resume { get; } = new(Estimate.Microseconds(400, 300));

    /// <summary>Bytes per second of the last blackout that was called off, if it had enough to tell; null otherwise.</summary>
    public double? AchievedBytesPerSecond { get; set; }

    /// <summary>What saving section <paramref name="id"/> takes: as measured before, or as the host declares.</summary>
    public Estimate Save(string id, TimeSpan declared) => Of(_saves, id, declared);

    /// <summary>What loading section <paramref name="id"/> takes: as measured before, or as the host declares.</summary>
    public Estimate Load(string id, TimeSpan declared) => Of(_loads, id, declared);

    public void Saved(string id, TimeSpan took) => Add(_saves, id, took);

    public void Loaded(string id, TimeSpan took) => Add(_loads, id, took);

    // Of hosts' words a tenth is taken to be uncertain.
    private static Estimate Of(Dictionary<string, StepCost> steps, string id, TimeSpan declared) =>
        steps.TryGetValue(id, out var known) ? known.Estimate : new Estimate(declared, declared / 10);

    private static void Add(Dictionary<string, StepCost> steps, string id, TimeSpan took)
    {
        if (!steps.TryGetValue(id, out var cost)) steps[id] = cost = new StepCost(Estimate.Zero);
        cost.Add(took);
    }
}
