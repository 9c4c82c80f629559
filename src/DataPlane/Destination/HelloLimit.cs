using System.Text;
using DataPlane.Core.Memory;
using DataPlane.Core.Wire.Messages;
using DataPlane.Host;

namespace DataPlane.Destination;

/// <summary>
/// How long a source's first message may be. One that fits this destination describes the same blocks and sections, so its size is known;
/// what a stranger can make this side hold is bounded by that, and not by the protocol's 2 MiB.
/// </summary>
internal static class HelloLimit
{
    /// <summary>Room for sources with another layout, who are then told what differs: 500 blocks with names of 14 bytes.</summary>
    private const int Least = 16 << 10;

    private const int Fixed = 52 + TraceContext.Size, PerBlock = 18, PerSection = 30;

    /// <summary>Bytes of payload: twice what this destination's own layout takes.</summary>
    public static int Of(GuestMemory memory, IReadOnlyList<DeviceSection> sections) => Math.Max(
        Least,
        2 * (Fixed + memory.Blocks.Sum(block => PerBlock + Encoding.UTF8.GetByteCount(block.Info.Name))
            + sections.Sum(section => PerSection + Encoding.UTF8.GetByteCount(section.Id))));
}
