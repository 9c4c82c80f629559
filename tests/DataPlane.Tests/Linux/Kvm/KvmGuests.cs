using DataPlane.Guests;
using DataPlane.Guests.Kvm;

namespace DataPlane.Tests.Linux.Kvm;

/// <summary>The KVM guests that these tests use: small, and quick to write.</summary>
internal static class KvmGuests
{
    public static KvmGuest Make(
        DirtyPattern pattern, long bytes = 64L << 20, int vcpus = 1, long rate = 800L << 20, MemoryFill fill = MemoryFill.Random) =>
        (KvmGuest)Guest.CreateSource(new GuestOptions
        {
            Kind = GuestKind.Kvm,
            MemoryBytes = bytes,
            Vcpus = vcpus,
            DirtyBytesPerSecond = rate,
            Pattern = pattern,
            WorkingSetBytes = 8L << 20,
            Fill = fill,
            Seed = 11,
            DeviceStateBytes = 0,
        });
}
