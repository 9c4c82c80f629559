namespace DataPlane.Guests;

/// <summary>The names of dirty sources that guests know.</summary>
public static class DirtySourceNames
{
    /// <summary>The cheapest that works.</summary>
    public const string Auto = "auto";

    /// <summary>KVM's dirty log with automatic protection.</summary>
    public const string Log = "log";

    /// <summary>KVM's dirty log with manual protection.</summary>
    public const string Protect = "protect";

    /// <summary>KVM's dirty rings.</summary>
    public const string Ring = "ring";

    /// <summary>userfaultfd's write protection.</summary>
    public const string Userfault = "uffd";

    /// <summary>The guest's own marks.</summary>
    public const string Explicit = "explicit";

    /// <summary>All of them, in the order in which help shows them.</summary>
    public static IReadOnlyList<string> All { get; } = [Auto, Log, Protect, Ring, Userfault, Explicit];
}
