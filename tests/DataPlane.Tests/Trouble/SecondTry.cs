using DataPlane.Guests;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Trouble;

/// <summary>
/// After the trouble the guest goes on, whole, and nothing of it was taken for sent that the destination lacks; and where it stayed on the
/// source, the next migration of it in the same process succeeds and is complete.
/// </summary>
internal sealed class SecondTry(TroubleScene scene, GuestOptions options)
{
    public async Task RunAsync(Runs guest)
    {
        if (guest == Runs.Destination)
        {
            await GoesOnAsync(scene.Destination);
            return;
        }
        // The operator's word, where nobody else can know: it does not run there.
        if (guest == Runs.Nowhere) await scene.Source.ResumeAsync(default);
        await GoesOnAsync(scene.Source);
        Assert.Empty(scene.Pair.UnknownDifferences());
        await scene.Source.ResumeAsync(default);
        scene.Pair.Dispose();
        using var destination = Guest.CreateDestination(options with { Poison = true });
        using var pair = new MigrationPair(scene.Source, destination);
        pair.SourceOptions = pair.SourceOptions with { DowntimeLimit = TimeSpan.FromSeconds(1) };
        pair.DestinationHost.Before("resume", () => Assert.Empty(MemoryComparer.Differences(scene.Source.Memory, destination.Memory)));
        var (sent, _) = await pair.RunAsync();
        Assert.Null(sent.Error);
        Assert.Equal(0, sent.Verify!.Mismatched);
        await GoesOnAsync(destination);
    }

    private static async Task GoesOnAsync(IGuest guest)
    {
        GuestProgress.Await(guest, 50);
        await guest.PauseAsync(default);
        var invariant = guest.CheckInvariant();
        Assert.True(invariant.Holds, invariant.ToString());
    }
}
