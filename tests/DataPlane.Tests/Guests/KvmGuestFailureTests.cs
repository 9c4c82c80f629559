using DataPlane.Guests;
using DataPlane.Guests.Memory;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Guests;

/// <summary>A guest that breaks says so when it is next asked to do something, and can still be disposed of.</summary>
[Collection("machine")]
public sealed class KvmGuestFailureTests
{
    [SkippableFact]
    public async Task GuestThatRunsIntoNonsense_IsNamedAtThePause()
    {
        NeedsKvm.OrSkip();
        using var guest = Guest.CreateSource(new GuestOptions { MemoryBytes = 8L << 20, DeviceStateBytes = 0 });
        BreakCode(guest);
        guest.Start();
        // The vCPU faults at its first instruction; a pause that comes before it was entered at all sees a guest in good order.
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            while (true)
            {
                await guest.PauseAsync(default);
                await guest.ResumeAsync(default);
            }
        });
        Assert.Contains("kvm-vcpu-0", fault.Message, StringComparison.Ordinal);
        Assert.Contains("Shutdown", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>An invalid instruction: without a table of handlers, the vCPU shuts down.</summary>
    private static unsafe void BreakCode(IGuest guest)
    {
        var code = (byte*)guest.Memory.Blocks[0].Info.HostAddress + GuestLayout.Code;
        code[0] = 0x0F;
        code[1] = 0x0B;
    }
}
