using DataPlane.Fuzz.Recording;
using DataPlane.Fuzz.Targets;
using DataPlane.Options;
using DataPlane.Results;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Hostile;

/// <summary>
/// One flipped bit between a live source and a live destination: handshake and everything else, in either direction. One of them runs the
/// guest, whole, or the source says that it cannot know.
/// </summary>
[Collection("machine")]
public sealed class FlippedSessionTests
{
    // The side that hears nothing more because the other's words were damaged gives up after this.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private static readonly RecordingPlan _plan = new(2, PageCompression.None, IntegrityMode.Pages);

    [Fact]
    public async Task A_bit_of_the_handshake()
    {
        var whole = Recordings.Whole;
        var opening = whole.Control.Length - whole.Messages.Length + MessageList.Parse(whole.Messages).Items[0].Payload.Length + 16;
        await FlipAsync(connection: 0, fromSource: true, opening, some: 12);
        await FlipAsync(connection: 1, fromSource: true, whole.Data[0].Length - whole.Frames(0).Length, some: 6);
        await FlipAsync(connection: 0, fromSource: false, 100, some: 6);
    }

    [Fact]
    public async Task A_bit_of_anything()
    {
        await FlipAsync(connection: 0, fromSource: true, 800, some: 8);
        await FlipAsync(connection: 0, fromSource: false, 600, some: 8);
        await FlipAsync(connection: 1, fromSource: true, 20_000, some: 8);
        await FlipAsync(connection: 2, fromSource: true, 8_000, some: 8);
    }

    private static async Task FlipAsync(int connection, bool fromSource, int bytes, int some)
    {
        foreach (var bit in Bits.Steps(bytes * 8, TestSet.All ? 40 * some : some)) await FlipAsync(connection, fromSource, bit);
    }

    private static async Task FlipAsync(int connection, bool fromSource, int bit)
    {
        using var guest = new SmallGuest();
        using var memory = new GuardedMemory(SmallGuest.Blocks);
        memory.Poison();
        var host = new SmallHost();
        var (sent, received) = await Recorder.MigrateAsync(guest, host, _plan, Patience, Tap, memory);
        var what = $"Bit {bit} of connection {connection} {(fromSource ? "from" : "to")} the source: {sent.Status} {sent.Error?.Message} / {received.Status} {received.Error?.Message}";
        if (host.Resumed) Assert.True(host.LoadedAll && MemoryComparer.Differences(guest.Memory, memory.Memory).Count == 0, what);
        if (sent.Status == MigrationStatus.Uncertain) Assert.False(guest.Host.Resumed, what);
        else Assert.True(host.Resumed == (sent.Status == MigrationStatus.Completed), what);
        Assert.True(memory.GuardsAreIntact);

        Tap Tap(int number, bool way)
        {
            var at = (number, way) == (connection, fromSource) ? bit / 8 : -1;
            return chunk =>
            {
                var here = at;
                at -= at < 0 ? 0 : chunk.Length;
                return here < 0 || here >= chunk.Length ? chunk : Bits.Flip(chunk.ToArray(), (here * 8) + (bit % 8));
            };
        }
    }
}
