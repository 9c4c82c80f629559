namespace DataPlane.Core.Wire.Messages;

/// <summary>One device section as it was saved.</summary>
internal readonly record struct SavedSection(long Size, uint Checksum);

/// <summary>The guest stands; all of it that was left has been sent before fence <paramref name="Fence"/>.</summary>
/// <param name="Fence">Number of the last fence.</param>
/// <param name="Sections">Size and CRC32C of each section's state, in the order of the hello.</param>
internal sealed record SwitchoverMessage(uint Fence, SavedSection[] Sections) : IControlMessage<SwitchoverMessage>
{
    public ControlMessageType Type => ControlMessageType.Switchover;

    public void Write(WireWriter writer)
    {
        writer.U32(Fence);
        writer.U32((uint)Sections.Length);
        foreach (var section in Sections)
        {
            writer.I64(section.Size);
            writer.U32(section.Checksum);
        }
    }

    public static SwitchoverMessage? Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        var fence = reader.U32();
        var sections = new SavedSection[reader.Count(itemSize: 12, HelloMessage.MaxSections)];
        for (var i = 0; i < sections.Length; i++)
            sections[i] = new SavedSection(reader.I64(), reader.U32());
        return reader.AtEnd ? new SwitchoverMessage(fence, sections) : null;
    }
}
