using DataPlane.Core.Wire.Messages;

namespace DataPlane.Core.Wire;

/// <summary>Turns a type and a payload into a message; null when the type is unknown or the payload is not exactly one.</summary>
internal static class ControlMessages
{
    public static IControlMessage? Read(ControlMessageType type, ReadOnlySpan<byte> payload) => type switch
    {
        ControlMessageType.Hello => HelloMessage.Read(payload),
        ControlMessageType.Accept => AcceptMessage.Read(payload),
        ControlMessageType.Ready => ReadyMessage.Read(payload),
        ControlMessageType.Acknowledge => AcknowledgeMessage.Read(payload),
        ControlMessageType.Fenced => FencedMessage.Read(payload),
        ControlMessageType.Ping => PingMessage.Read(payload),
        ControlMessageType.Pong => PongMessage.Read(payload),
        ControlMessageType.Switchover => SwitchoverMessage.Read(payload),
        ControlMessageType.Prepared => PreparedMessage.Read(payload),
        ControlMessageType.PageSums => PageSumsMessage.Read(payload),
        ControlMessageType.Verified => VerifiedMessage.Read(payload),
        ControlMessageType.Commit => CommitMessage.Read(payload),
        ControlMessageType.Running => RunningMessage.Read(payload),
        ControlMessageType.Deadline => DeadlineMessage.Read(payload),
        ControlMessageType.Failed => FailedMessage.Read(payload),
        ControlMessageType.Handover => HandoverMessage.Read(payload),
        ControlMessageType.Checkpoints => CheckpointsMessage.Read(payload),
        ControlMessageType.LinkHello => LinkHelloMessage.Read(payload),
        ControlMessageType.LinkAccept => LinkAcceptMessage.Read(payload),
        ControlMessageType.LinkOrder => LinkOrderMessage.Read(payload),
        ControlMessageType.LinkDone => LinkDoneMessage.Read(payload),
        ControlMessageType.LinkSample => LinkSampleMessage.Read(payload),
        _ => null,
    };
}
