using DataPlane.Guests;
using DataPlane.Guests.Memory;
using DataPlane.Guests.Writing;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Guests;

/// <summary>The code that the vCPU runs writes the very pages that the model says, in every pattern.</summary>
[Collection("machine")]
public sealed class KvmGuestModelTests
{
    private const int Vcpus = 2;

    [SkippableTheory]
    [InlineData(DirtyPattern.Uniform)]
    [InlineData(DirtyPattern.Sequential)]
    [InlineData(DirtyPattern.HotCold)]
    [InlineData(DirtyPattern.Zipf)]
    [InlineData(DirtyPattern.Burst)]
    public async Task PageCounters_AreThoseOfTheModel(DirtyPattern pattern)
    {
        NeedsKvm.OrSkip();
        var options = new GuestOptions
        {
            MemoryBytes = 64L << 20, Vcpus = Vcpus, Pattern = pattern, WorkingSetBytes = 4L << 20, DirtyBytesPerSecond = 2L << 30, Seed = 5,
        };
        using var guest = Guest.CreateSource(options);
        guest.Start();
        GuestProgress.Await(guest, 60_000);
        await guest.PauseAsync(default);
        var plan = WriterPlan.Make(options);
        for (var i = 0; i < Vcpus; i++)
            Compare(guest, plan[i], i);
    }

    private static unsafe void Compare(IGuest guest, WriterBlock model, int vcpu)
    {
        var ram = (byte*)guest.Memory.Blocks[0].Info.HostAddress;
        var real = *(WriterBlock*)(ram + GuestLayout.WriterBlocks + (vcpu << 12));
        var expected = new long[model.Pages];
        ulong next;
        fixed (uint* quantiles = ZipfTable.Make(model.Pages))
        {
            for (ulong i = 0; i < real.Count; i++) expected[PageChoice.Next(ref model, quantiles)]++;
            next = PageChoice.Next(ref model, quantiles);
        }
        for (ulong page = 0; page < real.Pages; page++)
        {
            var counted = *(long*)(ram + ((real.FirstPage + page) << 12));
            var inFlight = page == next && counted == expected[page] + 1; // Stopped between the page's counter and the vCPU's.
            Assert.True(counted == expected[page] || inFlight, $"vCPU {vcpu}, page {page}: {counted} writes, the model says {expected[page]}.");
        }
    }
}
