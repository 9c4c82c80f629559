using DataPlane.Core.Errors;

namespace DataPlane.Core.Wire.Messages;

/// <summary>The sender gives up, or refuses: its error, for the peer to show beside its own.</summary>
internal sealed record FailedMessage(MigrationErrorCode Code, string Step, string Message) : IControlMessage<FailedMessage>
{
    public ControlMessageType Type => ControlMessageType.Failed;

    public static FailedMessage Of(MigrationError error) => new(error.Code, error.Step, error.Message);

    public void Write(WireWriter writer)
    {
        writer.U32((uint)Code);
        writer.Text(Step);
        writer.Text(Message);
    }

    public static FailedMessage? Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        var message = new FailedMessage((MigrationErrorCode)reader.U32(), reader.Text(), reader.Text());
        return reader.AtEnd ? message : null;
    }
}
