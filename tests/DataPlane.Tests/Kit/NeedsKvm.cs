using DataPlane.Guests;
using Xunit;

namespace DataPlane.Tests.Kit;

/// <summary>Skips a test, with the reason, where KVM guests do not work.</summary>
internal static class NeedsKvm
{
    public static void OrSkip() => Skip.IfNot(Guest.KvmWorks(out var reason), reason);

    public static void OrSkip(GuestKind kind)
    {
        if (kind == GuestKind.Kvm) OrSkip();
    }
}
