using DataPlane.Guests;
using DataPlane.Options;
using DataPlane.Peer;
using DataPlane.Tests.Kit;
using Xunit;
using Xunit.Abstractions;

namespace DataPlane.Tests.Soak;

/// <summary>
/// One guest back and forth between two processes, with another dirty source, compression and number of channels each time: it stays whole, and
/// the processes hold no more after many moves than after a few.
/// </summary>
[Collection("machine")]
public sealed class SoakTests(ITestOutputHelper output)
{
    private const long Bytes = 32L << 20;

    private static readonly int Moves = TestSet.All ? 200 : 6;
    private static readonly int[] ChannelCounts = [2, 8, 1];

    /// <summary>KVM guests have rings or a log, and so are two.</summary>
    public static TheoryData<GuestKind, string, string> Guests => new()
    {
        { GuestKind.Kvm, "auto", "protect log uffd" },
        { GuestKind.Kvm, "ring", "ring" },
        { GuestKind.Synthetic, "auto", "uffd explicit" },
    };

    [SkippableTheory]
    [MemberData(nameof(Guests))]
    public async Task GuestThatMovesBackAndForth_StaysWhole_AndNothingPilesUp(GuestKind kind, string madeWith, string dirtySources)
    {
        NeedsDirtySource.OrSkip(kind, madeWith);
        string[] sources = [.. dirtySources.Split(' ').Where(name => NeedsDirtySource.WhyMissing(kind, name) is null)];
        PageCompression[] compressions = [.. Enum.GetValues<PageCompression>().Where(one => NeedsCodecLibrary.WhyMissing(one) is null)];
        await using var pair = await PeerPair.StartAsync(new GuestOptions
        {
            Kind = kind,
            MemoryBytes = Bytes,
            Vcpus = 2,
            DirtyBytesPerSecond = 100L << 20,
            WorkingSetBytes = 4L << 20,
            DeviceStateBytes = 64 << 10,
            DirtySource = madeWith,
            Seed = 17,
        });
        var weights = new Weights();
        for (var move = 0; move < Moves; move++)
        {
            var turn = move % Weights.Window; // So that the windows that are compared had the same moves.
            await pair.MoveAsync(new PeerRequest
            {
                Do = PeerOrder.Send,
                DirtySource = sources[turn % sources.Length],
                Compression = compressions[turn / 2 % compressions.Length],
                Channels = ChannelCounts[turn / 3 % ChannelCounts.Length],
            });
            weights.Add(await pair.WeighAsync());
        }
        output.WriteLine(weights.ToString());
        weights.AssertTidy(Bytes);
        if (TestSet.All) weights.AssertFlat();
    }
}
