using DataPlane.Guests;

namespace DataPlane.Tests.Trouble;

/// <summary>What is done at the moment; what becomes of the unit on the wire, where it is one.</summary>
internal delegate ValueTask<Fate> Strike(TroubleScene scene, WireUnit unit);

/// <summary>One trouble: what breaks, where, when, by when the migration has to end, and how. A row of the table in tests/README.md.</summary>
internal sealed record TroubleCase(string What, string Where, Moment When, Bound Bound, Ending Ends, Strike Strike)
{
    /// <summary>Its place in the table, from 1.</summary>
    public int Number { get; init; }

    /// <summary>
    /// What is under way at the moment goes no further until the session ends, so that the moment lasts. Not where the migration is to go on.
    /// </summary>
    public bool Holds { get; init; } = Ends.Source != Results.MigrationStatus.Completed;

    /// <summary>Options, hooks and the like, before it starts.</summary>
    public Action<TroubleScene> Arrange { get; init; } = _ => { };

    /// <summary>It strikes as soon as the source is asked to migrate: there is nothing of it on the wire.</summary>
    public bool AtStart { get; init; }

    /// <summary>What holds afterwards besides.</summary>
    public Action<TroubleScene> AndThen { get; init; } = _ => { };

    /// <summary>The bound is the destination's to keep: it was the one that was cancelled, or hung.</summary>
    public bool BoundIsDestinations { get; init; }

    /// <summary>Plays it with one side in a process of its own, and says how long it took; null: with both sides in this one.</summary>
    public Func<TroubleCase, Task<TimeSpan>>? Elsewhere { get; init; }

    /// <summary>Kept for the larger set: it takes long.</summary>
    public bool Long { get; init; }

    /// <summary>Half of the cases each, where KVM works: its log is the harder one to put back.</summary>
    public GuestKind Kind => Only ?? (Number % 2 == 0 && Guest.KvmWorks(out _) ? GuestKind.Kvm : GuestKind.Synthetic);

    /// <summary>The guest has to be of this kind.</summary>
    public GuestKind? Only { get; init; }

    public override string ToString() => $"{Number}: {What}, {Where}, {When.Name}";
}
