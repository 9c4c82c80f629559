using DataPlane.Core.Errors;
using DataPlane.Guests;

namespace DataPlane.Cli.Run;

/// <summary>Which guest <c>--guest</c> means on this host.</summary>
/// <param name="Kind">The guest.</param>
/// <param name="Note">Why it is not the one that would have been preferred; null where it is.</param>
internal sealed record GuestChoice(GuestKind Kind, string? Note)
{
    /// <summary>Throws <see cref="MigrationException"/> (out of resources) where KVM was asked for and does not work.</summary>
    public static GuestChoice Make(string asked, MigrationSide side)
    {
        if (asked == "synthetic") return new GuestChoice(GuestKind.Synthetic, null);
        if (Guest.KvmWorks(out var reason)) return new GuestChoice(GuestKind.Kvm, null);
        var why = reason ?? "KVM does not work here.";
        if (asked == "auto") return new GuestChoice(GuestKind.Synthetic, $"guest: synthetic (threads) instead of KVM. {why}");
        throw new MigrationException(new MigrationError(MigrationErrorCode.OutOfResources, side, "guest", $"--guest kvm: {why}"));
    }
}
