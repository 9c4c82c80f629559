using DataPlane.Core.Wire.Frames;
using DataPlane.Fuzz.Recording;
using DataPlane.Fuzz.Replay;
using DataPlane.Fuzz.Targets;
using Xunit;

namespace DataPlane.Tests.Hostile;

/// <summary>
/// One flipped bit anywhere in the frames of a recorded session: the session fails, or the handover is refused for a suspect page, or the
/// bit was harmless, which is: the guest would be taken over and every page and device is what the source had.
/// </summary>
public sealed class FlippedFrameTests
{
    public static TheoryData<int> Sessions => [.. Enumerable.Range(0, Recordings.OneChannel.Count)];

    [Theory]
    [MemberData(nameof(Sessions))]
    public void Unchanged_frames_are_accepted_and_leave_what_the_source_had(int session)
    {
        using var replay = new ChannelReplay(Recordings.OneChannel[session]);
        for (var round = 0; round < 2; round++)
        {
            Assert.Equal(ChannelVerdict.Accepted, replay.Run(Recordings.OneChannel[session].Frames(0)));
            Assert.True(replay.MemoryIsRight);
        }
        var kinds = FrameList.Parse(Recordings.OneChannel[session].Frames(0)).Items.Select(frame => (frame.Header.Kind, frame.Header.Encoding)).ToHashSet();
        foreach (var kind in (FrameKind[])[FrameKind.ZeroStripes, FrameKind.DeviceState, FrameKind.Fence]) Assert.Contains((kind, (byte)0), kinds);
        Assert.Contains((FrameKind.Pages, (byte)0), kinds);
        Assert.Contains((FrameKind.Pages, (byte)Recordings.OneChannel[session].Encoding), kinds);
    }

    [Theory]
    [MemberData(nameof(Sessions))]
    public void Any_bit_of_any_header_ends_the_session(int session) => EachFrame(session, (frames, at, frame, replay) =>
    {
        foreach (var bit in Bits.Of(FrameHeader.Size, some: session == 1 ? FrameHeader.Size * 8 / 10 : 60))
            Assert.True(replay.Run(Bits.Flip(frames, (at * 8) + bit)) == ChannelVerdict.Failed, $"Bit {bit} of a header of kind {frame.Header.Kind} went by.");
    });

    [Theory]
    [MemberData(nameof(Sessions))]
    public void Any_bit_of_any_payload_is_found_or_is_harmless(int session) => EachFrame(session, (frames, at, frame, replay) =>
    {
        // Without page checksums nothing covers the contents of pages that travel as they are: that is what the option is for.
        var covered = Recordings.OneChannel[session].PageSums || frame.Header.Kind != FrameKind.Pages || frame.Header.Encoding != 0;
        if (!covered) return;
        foreach (var bit in Bits.Of(frame.Payload.Length, some: 80))
        {
            var verdict = replay.Run(Bits.Flip(frames, ((at + FrameHeader.Size) * 8) + bit));
            if (verdict == ChannelVerdict.Accepted) Assert.True(replay.MemoryIsRight, $"Bit {bit} of a payload of kind {frame.Header.Kind} changed the guest.");
            if (frame.Header.Kind != FrameKind.Pages || frame.Header.Encoding != 0) Assert.Equal(ChannelVerdict.Failed, verdict);
        }
    });

    /// <summary>A page that is sent again later is whole in the end, whatever became of its first copy: the one harmless kind there is.</summary>
    [Fact]
    public void A_bit_of_a_page_that_is_sent_again_is_harmless_and_of_any_other_page_it_is_suspect()
    {
        var session = Recordings.OneChannel[1];
        Assert.True(session.PageSums);
        var verdicts = new Dictionary<(uint Index, int Page), ChannelVerdict>();
        EachFrame(1, (frames, at, frame, replay) =>
        {
            if (frame.Header.Kind != FrameKind.Pages || frame.Header.Block != 1) return;
            var pages = Enumerable.Range(0, 512).Where(page => (frame.Header.PageMap[page / 64] >> (page % 64) & 1) != 0).ToArray();
            for (var i = 0; i < pages.Length; i++)
            {
                var bit = (at + FrameHeader.Size + (pages.Length * FrameHeader.SumSize) + (i * 4096) + 99) * 8;
                verdicts[(frame.Header.Pass, pages[i])] = replay.Run(Bits.Flip(frames, bit));
                if (verdicts[(frame.Header.Pass, pages[i])] == ChannelVerdict.Accepted) Assert.True(replay.MemoryIsRight);
            }
        });
        Assert.Contains(ChannelVerdict.Accepted, verdicts.Where(found => found.Key.Page == 12).Select(found => found.Value)); // Zero later.
        Assert.Contains(ChannelVerdict.Accepted, verdicts.Where(found => found.Key.Page == 11).Select(found => found.Value)); // Written twice later.
        Assert.All(verdicts.Where(found => found.Key.Page is 10 or 40 or 100 or 300), found => Assert.Equal(ChannelVerdict.Suspect, found.Value));
    }

    private static void EachFrame(int session, Action<byte[], int, RawFrame, ChannelReplay> look)
    {
        var frames = Recordings.OneChannel[session].Frames(0);
        using var replay = new ChannelReplay(Recordings.OneChannel[session]);
        var at = 0;
        foreach (var frame in FrameList.Parse(frames).Items)
        {
            look(frames, at, frame, replay);
            at += FrameHeader.Size + frame.Payload.Length;
        }
        Assert.Equal(frames.Length, at);
    }
}
