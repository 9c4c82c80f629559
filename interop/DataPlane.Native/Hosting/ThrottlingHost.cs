using DataPlane.Host;
using DataPlane.Native.Memory;
using DataPlane.Native.Options;
using DataPlane.Native.Structs;

namespace DataPlane.Native.Hosting;

/// <summary>A VMM that can slow its guest down.</summary>
internal sealed class ThrottlingHost(DpHost calls, GuestRam ram, bool isSource, object owner, OptionReader read)
    : NativeHost(calls, ram, isSource, owner, read), IGuestThrottle
{
    public ValueTask ThrottleAsync(int percent, CancellationToken cancel)
    {
        Throttle(percent, cancel);
        return ValueTask.CompletedTask;
    }
}
