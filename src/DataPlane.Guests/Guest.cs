using DataPlane.Guests.Kvm;
using DataPlane.Guests.Synthetic;
using DataPlane.Linux.Kvm;

namespace DataPlane.Guests;

/// <summary>Makes guests.</summary>
public static class Guest
{
    /// <summary>
    /// A guest with its memory filled, ready to start. Throws <see cref="ArgumentException"/> with every fault of the options, and
    /// <see cref="KvmException"/> where KVM is not to be had.
    /// </summary>
    public static IGuest CreateSource(GuestOptions options) => Create(options, source: true);

    /// <summary>A guest of the same layout for a guest to move into: nothing is filled, and nothing runs until its state is loaded.</summary>
    public static IGuest CreateDestination(GuestOptions options) => Create(options, source: false);

    /// <summary>Whether KVM guests work here; if not, <paramref name="reason"/> says what is missing, what it means and what to do.</summary>
    public static bool KvmWorks(out string? reason) => (reason = KvmMachine.Probe()) is null;

    private static IGuest Create(GuestOptions options, bool source)
    {
        ArgumentNullException.ThrowIfNull(options);
        var faults = options.Validate();
        if (faults.Count > 0) throw new ArgumentException(string.Join(" ", faults), nameof(options));
        if (options.Kind == GuestKind.Synthetic) return new SyntheticGuest(options, source);
        if (!KvmWorks(out var reason)) throw new KvmException(reason!); // Before gigabytes are filled for nothing.
        return new KvmGuest(options, source);
    }
}
