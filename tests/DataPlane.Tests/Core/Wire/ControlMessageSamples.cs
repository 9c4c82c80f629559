using System.Buffers;
using DataPlane.Core.Errors;
using DataPlane.Core.Wire;
using DataPlane.Core.Wire.Messages;

namespace DataPlane.Tests.Core.Wire;

/// <summary>Control messages of every type, no two of their fields equal, so that a swap or a loss shows.</summary>
internal static class ControlMessageSamples
{
    public static IControlMessage[] All { get; } =
    [
        Hello(blocks: 2, sections: 2),
        Hello(blocks: 1, sections: 0),
        new AcceptMessage(7, 0x0102030405060708, new JoinKey(Guid.Parse("01020304-0506-0708-090a-0b0c0d0e0f10"), Guid.Parse("11121314-1516-1718-191a-1b1c1d1e1f20")), 2, 4096, 3, [new PageRange(5, 6, 7), new PageRange(8, 511, 1)]),
        new ReadyMessage(),
        new AcknowledgeMessage([1, ulong.MaxValue, 3]),
        new AcknowledgeMessage([]),
        new FencedMessage(9, [4, 5]),
        new PingMessage(-17),
        new PongMessage(18, long.MinValue),
        new SwitchoverMessage(11, [new SavedSection(12, 13), new SavedSection(14, 15)]),
        new PreparedMessage(21, 22, [new LoadTiming(23, 24), new LoadTiming(25, 26)]),
        new PageSumsMessage(3, 512, [31, 32, 33]),
        new PageSumsMessage(0, 0, []),
        new VerifiedMessage(41, 42, "page 7 of 'ram'"),
        new CommitMessage(),
        new RunningMessage(51, 52, 53, 54, 55),
        new DeadlineMessage(61, 62, 63),
        new FailedMessage(MigrationErrorCode.ProtocolViolation, "receive", "Umlauts ä, a smile \U0001F600, and nothing else."),
        new HandoverMessage(
            Guid.Parse("11121314-1516-1718-191a-1b1c1d1e1f10"), 61, MigrationSide.Destination, HandoverWord.Returned,
            Guid.Parse("21222324-2526-2728-292a-2b2c2d2e2f20"), "no vCPU entered"),
        new CheckpointsMessage([new Checkpoint(7, 71), new Checkpoint(ushort.MaxValue, long.MinValue)], [new LoadTiming(72, 73), new LoadTiming(74, 75)]),
        new CheckpointsMessage([], []),
        new LinkHelloMessage(LinkWays.Both, 81, 82, "cubic"),
        new LinkAcceptMessage(9, new JoinKey(Guid.Parse("41424344-4546-4748-494a-4b4c4d4e4f40"), Guid.Parse("51525354-5556-5758-595a-5b5c5d5e5f50"))),
        new LinkOrderMessage(83, LinkOrderKind.FinalSet, 84),
        new LinkDoneMessage(85, 86, 87),
        new LinkSampleMessage(88, 89, 90, [91, ulong.MaxValue], [new LinkChannelState(92, 93), LinkChannelState.Unknown]),
        new LinkSampleMessage(94, 95, 96, [], []),
    ];

    public static byte[] Payload(IControlMessage message)
    {
        var output = new ArrayBufferWriter<byte>();
        message.Write(new WireWriter(output));
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Header and payload, as on the wire.</summary>
    public static byte[] Bytes(IControlMessage message)
    {
        var payload = Payload(message);
        var bytes = new byte[ControlHeader.Size + payload.Length];
        ControlHeader.Write(bytes, message.Type, payload);
        payload.CopyTo(bytes, ControlHeader.Size);
        return bytes;
    }

    public static HelloMessage Hello(int blocks, int sections) => new()
    {
        Image = Guid.Parse("10203040-5060-7080-90a0-b0c0d0e0f001"),
        Attempt = 3,
        Offered = 0x8000_0000_0000_0001,
        Required = 2,
        PageSize = 4096,
        Channels = 5,
        VerifyAllPages = true,
        MayRetry = true,
        Blocks = [.. Enumerable.Range(0, blocks).Select(i => new BlockLayout($"ram{i}", 0x1_0000_0000 + (ulong)i, 4096 * (i + 1L)))],
        Trace = new TraceContext(Guid.Parse("31323334-3536-3738-393a-3b3c3d3e3f30"), 0x4142434445464748, 1),
        Sections = [.. Enumerable.Range(0, sections).Select(i => new SectionLayout($"cpu{i}", i + 1, 100 + i, 200 + i, 300 + i))],
    };
}
