using System.Diagnostics;
using DataPlane.Guests;

namespace DataPlane.Tests.Kit;

/// <summary>Waits until a running guest has made so many more writes. The bound only ends a test whose guest stands still.</summary>
internal static class GuestProgress
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    public static void Await(IGuest guest, long writes)
    {
        var target = guest.WriteCount + writes;
        for (var watch = Stopwatch.StartNew(); guest.WriteCount < target; Thread.Sleep(1))
            if (watch.Elapsed > Bound)
                throw new TimeoutException($"The guest made {guest.WriteCount} writes of {target} in {Bound}.");
    }
}
