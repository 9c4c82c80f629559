using DataPlane.Core.Memory;
using DataPlane.Core.Wire.Frames;
using DataPlane.Fuzz.Recording;

namespace DataPlane.Fuzz.Mutation;

/// <summary>
/// Changes to the frames of a data channel: hostile numbers in their fields, frames lost, doubled, swapped, from another session. Then
/// mostly sealed again, since a checksum would hide all that is behind it.
/// </summary>
internal static class FrameMutations
{
    // Offset and size of the fields that every kind has; those from 32 on mean something else in each.
    private static readonly (int Offset, int Size)[] _fields =
    [
        (4, 1), (5, 1), (6, 2), (8, 4), (12, 4), (16, 8), (24, 4), (28, 4), (32, 4), (36, 4), (32, 8), (40, 8), (96, 8), (120, 8), (160, 4),
    ];

    /// <param name="frames">What to change.</param>
    /// <param name="other">Where foreign frames come from.</param>
    /// <param name="random">Decides.</param>
    /// <param name="pageSums">Whether checksums stand before pages.</param>
    /// <param name="only">Only frames of this kind are changed, where there are any; null: all.</param>
    public static byte[] Apply(byte[] frames, byte[] other, Random random, bool pageSums, FrameKind? only = null)
    {
        if (random.Next(12) == 0) return ByteMutations.Apply(frames, random);
        var list = FrameList.Parse(frames);
        for (var changes = random.Next(1, 4); changes > 0 && list.Items.Count > 0; changes--)
        {
            var chosen = Enumerable.Range(0, list.Items.Count).Where(i => only is null || list.Items[i].Header.Kind == only).ToArray();
            var at = chosen.Length > 0 ? chosen[random.Next(chosen.Length)] : random.Next(list.Items.Count);
            Change(list.Items, at, other, random, pageSums);
        }
        if (random.Next(8) > 0)
            list.Seal(renumber: random.Next(6) > 0, payloads: random.Next(4) > 0, digests: random.Next(6) > 0, pageSums);
        return list.Bytes();
    }

    private static void Change(List<RawFrame> frames, int at, byte[] other, Random random, bool pageSums)
    {
        switch (random.Next(12))
        {
            case 0:
                frames.RemoveAt(at);
                break;
            case 1:
                frames.Insert(random.Next(frames.Count + 1), frames[at].Copy());
                break;
            case 2:
                var to = random.Next(frames.Count);
                (frames[at], frames[to]) = (frames[to], frames[at]);
                break;
            case 3:
                var foreign = FrameList.Parse(other).Items;
                if (foreign.Count > 0) frames.Insert(random.Next(frames.Count + 1), foreign[random.Next(foreign.Count)]);
                break;
            case 4 or 5:
                frames[at].Payload = ByteMutations.Apply(frames[at].Payload, random);
                if (random.Next(2) == 0) frames[at].Header.PayloadLength = (uint)frames[at].Payload.Length;
                break;
            case 6 or 7 when frames[at].Header.Kind == FrameKind.Pages:
                ChangeMaps(frames[at], random, pageSums);
                break;
            default:
                var (offset, size) = _fields[random.Next(_fields.Length)];
                Numbers.Change(frames[at].HeaderBytes[offset..], size, random);
                break;
        }
    }

    /// <summary>Other pages than those that follow; the length mostly goes along, so that it is not what the frame is refused for.</summary>
    private static void ChangeMaps(RawFrame frame, Random random, bool pageSums)
    {
        for (var bits = random.Next(1, 5); bits > 0; bits--)
        {
            var (word, bit) = (random.Next(random.Next(1, 9)), 1ul << random.Next(64));
            if (random.Next(3) == 0) frame.Header.ZeroMap[word] ^= bit;
            else frame.Header.PageMap[word] ^= bit;
            if (random.Next(3) > 0) frame.Header.ZeroMap[word] &= ~frame.Header.PageMap[word];
        }
        if (frame.Header.Encoding != 0 || random.Next(5) == 0) return;
        var length = PageMask.Count(frame.Header.PageMap) * (PageGeometry.PageSize + (pageSums ? FrameHeader.SumSize : 0));
        frame.Header.PayloadLength = (uint)length;
        if (random.Next(4) > 0) frame.Payload = [.. frame.Payload.Take(length), .. new byte[Math.Max(0, length - frame.Payload.Length)]];
    }
}
