using DataPlane.Core.Dirty;
using DataPlane.Guests;
using DataPlane.Linux.Kvm;
using Xunit;

namespace DataPlane.Tests.Kit;

/// <summary>Skips a test, with the reason, where a guest of that kind cannot have that dirty source on this host.</summary>
internal static class NeedsDirtySource
{
    public static void OrSkip(GuestKind kind, string name)
    {
        var missing = WhyMissing(kind, name);
        Skip.If(missing is not null, missing);
    }

    /// <summary>What is missing; null where it works.</summary>
    public static string? WhyMissing(GuestKind kind, string name)
    {
        if (kind == GuestKind.Kvm && !Guest.KvmWorks(out var reason)) return reason;
        try
        {
            using var guest = Guest.CreateSource(new GuestOptions
            {
                Kind = kind, MemoryBytes = 4L << 20, WorkingSetBytes = 1L << 20, DirtySource = name,
            });
            guest.CreateDirtySource(name).Dispose();
            return null;
        }
        catch (Exception fault) when (fault is DirtySourceUnavailableException or KvmException)
        {
            return fault.Message;
        }
    }
}
