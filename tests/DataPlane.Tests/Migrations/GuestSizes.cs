using DataPlane.Guests;

namespace DataPlane.Tests.Migrations;

/// <summary>The guests that these tests move.</summary>
internal static class GuestSizes
{
    /// <summary>64 MiB of noise, text and zeros; two vCPUs dirty 200 MiB/s of it.</summary>
    public static GuestOptions Busy(GuestKind kind) => new()
    {
        Kind = kind,
        MemoryBytes = 64L << 20,
        Vcpus = 2,
        WorkingSetBytes = 8L << 20,
        DeviceStateBytes = 256 << 10,
        Seed = 7,
    };
}
