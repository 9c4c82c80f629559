using DataPlane.Core.Errors;

namespace DataPlane.Core.Wire.Messages;

/// <summary>
/// A word about an attempt's handover that names the attempt: at the handshake, as an answer to COMMIT, and as question and answer on a
/// connection made after the session's was lost.
/// </summary>
/// <param name="Image">The guest image.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Side">The side that speaks.</param>
/// <param name="Word">What it says.</param>
/// <param name="Journal">OPEN: the speaker's journal. Else the listener's, as it said at the handshake.</param>
/// <param name="Text">OPEN: the arbiter's id, empty without one. Else words for people, may be empty.</param>
internal sealed record HandoverMessage(Guid Image, uint Attempt, MigrationSide Side, HandoverWord Word, Guid Journal, string Text)
    : IControlMessage<HandoverMessage>
{
    public ControlMessageType Type => ControlMessageType.Handover;

    public void Write(WireWriter writer)
    {
        writer.Id(Image);
        writer.U32(Attempt);
        writer.U8((byte)Side);
        writer.U8((byte)Word);
        writer.Id(Journal);
        writer.Text(Text);
    }

    public static HandoverMessage? Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        var message = new HandoverMessage(
            reader.Id(), reader.U32(), (MigrationSide)reader.U8(), (HandoverWord)reader.U8(), reader.Id(), reader.Text());
        return reader.AtEnd && Enum.IsDefined(message.Side) && message.Word != HandoverWord.Invalid && Enum.IsDefined(message.Word) ? message : null;
    }
}
