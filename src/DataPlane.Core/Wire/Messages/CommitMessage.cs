namespace DataPlane.Core.Wire.Messages;

/// <summary>The source gives the guest away: from here on only the destination may run it.</summary>
internal sealed record CommitMessage : IControlMessage<CommitMessage>
{
    public ControlMessageType Type => ControlMessageType.Commit;

    public void Write(WireWriter writer)
    {
    }

    public static CommitMessage? Read(ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? new CommitMessage() : null;
}
