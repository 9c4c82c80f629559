using DataPlane.Peer;
using DataPlane.Tests.Soak;
using Xunit;

namespace DataPlane.Tests.Migrations;

/// <summary>
/// What the very first blackout of a process compiles and allocates, counted and not timed. In a process of its own, where nothing else runs and no
/// method is compiled twice.
/// </summary>
[Collection("machine")]
public sealed class BlackoutCostTests
{
    // Which of two connections is heard first is chance, and so is whether a timer ticks. The unlikely order may find a method that no rehearsal has
    // met; one that is missing in all of them is on everybody's way.
    private const int Processes = 3;

    // Measured: 7.8 to 8.6 KB for both sides, two channels and a section: closures, tasks and timers of some 40 awaits at 100 to 200 bytes each.
    // A ping and its answer, or acknowledgements that fall due, are 1 KB more each, and on a busy machine some do. Device state of 64 KiB,
    // buffered anew anywhere, would not fit.
    private const long MostBytes = 32 << 10;

    [Fact]
    public async Task TheFirstBlackoutOfAProcess_CompilesNothingAndAllocatesLittle()
    {
        var counts = new List<BlackoutCount>();
        while (counts.Count < Processes && !counts.Exists(count => count is { Methods: 0, Bytes: <= MostBytes }))
        {
            // A rehearsal that is killed leaves nothing behind: it needs no place for files.
            await using var peer = PeerProcess.Start(("TMPDIR", "/nowhere"));
            var count = (await peer.AskAsync(PeerOrder.CountBlackout)).Blackout!;
            Assert.Equal("Completed", count.Status);
            counts.Add(count);
        }
        Assert.True(
            counts[^1] is { Methods: 0, Bytes: <= MostBytes },
            string.Join('\n', counts.Select(count => $"{count.Methods} methods ({string.Join(", ", count.Names)}), {count.Bytes} bytes")));
    }
}
