namespace DataPlane.Guests;

/// <summary>The names of the dirty sources that guests know.</summary>
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

    private static readonly string[] OfKvm = [Auto, Log, Protect, Ring, Userfault], OfSynthetic = [Auto, Userfault, Explicit];

    /// <summary>All of them, in the order in which help shows them.</summary>
    public static IReadOnlyList<string> All { get; } = [Auto, Log, Protect, Ring, Userfault, Explicit];

    /// <summary>Those that a guest of kind <paramref name="kind"/> has, where the host does.</summary>
    public static IReadOnlyList<string> Of(GuestKind kind) => kind == GuestKind.Kvm ? OfKvm : OfSynthetic;

    /// <summary>Why such a guest has no source of that name, and what to ask for; null where it has.</summary>
    internal static string? Refusal(GuestKind kind, string name)
    {
        if (Of(kind).Contains(name)) return null;
        var why = !All.Contains(name) ? ""
            : kind == GuestKind.Kvm ? " Its vCPUs do not mark what they write."
            : $" It has no vCPUs, whose writes '{name}' is about.";
        return $"A {(kind == GuestKind.Kvm ? "KVM" : "synthetic")} guest has no dirty source '{name}'; it has: {string.Join(", ", Of(kind))}.{why}";
    }
}
