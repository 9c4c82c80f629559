using DataPlane.Core.Memory;

namespace DataPlane.Core.Wire.Messages;

/// <summary>A RAM block as the source describes it.</summary>
internal sealed record BlockLayout(string Name, ulong GuestAddress, long Length)
{
    public static BlockLayout Of(RamBlock block) => new(block.Info.Name, block.Info.GuestAddress, block.Info.Length);

    public override string ToString() => $"'{Name}' of {Length} bytes at 0x{GuestAddress:x}";
}

/// <summary>A device section as the source declares it; times in microseconds.</summary>
internal sealed record SectionLayout(string Id, int Version, long Size, long SaveMicroseconds, long LoadMicroseconds);

/// <summary>The source's first message: who, what is to be moved, and how.</summary>
internal sealed record HelloMessage : IControlMessage<HelloMessage>
{
    /// <summary>More sections than any machine has devices; bounds the message.</summary>
    public const int MaxSections = 1024;

    /// <summary>The guest image: the same for every attempt to move one guest.</summary>
    public required Guid Image { get; init; }
    public required uint Attempt { get; init; }

    /// <summary>Features the source can use.</summary>
    public required ulong Offered { get; init; }

    /// <summary>Features without which it does not migrate.</summary>
    public required ulong Required { get; init; }
    public required int PageSize { get; init; }
    public required int Channels { get; init; }
    public required bool VerifyAllPages { get; init; }

    /// <summary>It means to try again where this attempt fails: what arrived is to be kept.</summary>
    public required bool MayRetry { get; init; }
    public required IReadOnlyList<BlockLayout> Blocks { get; init; }
    public required IReadOnlyList<SectionLayout> Sections { get; init; }

    /// <summary>The source's trace, for the destination's spans.</summary>
    public TraceContext Trace { get; init; }

    public ControlMessageType Type => ControlMessageType.Hello;

    public void Write(WireWriter writer)
    {
        writer.Id(Image);
        writer.U32(Attempt);
        writer.U64(Offered);
        writer.U64(Required);
        writer.U32((uint)PageSize);
        writer.U16((ushort)Channels);
        writer.U8(VerifyAllPages ? (byte)1 : (byte)0);
        writer.U8(MayRetry ? (byte)1 : (byte)0);
        writer.U32((uint)Blocks.Count);
        foreach (var block in Blocks)
        {
            writer.Text(block.Name);
            writer.U64(block.GuestAddress);
            writer.I64(block.Length);
        }
        writer.U32((uint)Sections.Count);
        foreach (var section in Sections)
        {
            writer.Text(section.Id);
            writer.U32((uint)section.Version);
            writer.I64(section.Size);
            writer.I64(section.SaveMicroseconds);
            writer.I64(section.LoadMicroseconds);
        }
        Trace.Write(writer);
    }

    public static HelloMessage? Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        var hello = new HelloMessage
        {
            Image = reader.Id(),
            Attempt = reader.U32(),
            Offered = reader.U64(),
            Required = reader.U64(),
            PageSize = (int)reader.U32(),
            Channels = reader.U16(),
            VerifyAllPages = reader.U8() != 0,
            MayRetry = reader.U8() != 0,
            Blocks = ReadBlocks(ref reader),
            Sections = ReadSections(ref reader),
            Trace = TraceContext.Read(ref reader),
        };
        return reader.AtEnd ? hello : null;
    }

    private static BlockLayout[] ReadBlocks(ref WireReader reader)
    {
        var blocks = new BlockLayout[reader.Count(itemSize: 18, GuestMemory.MaxBlocks)];
        for (var i = 0; i < blocks.Length; i++)
            blocks[i] = new BlockLayout(reader.Text(), reader.U64(), reader.I64());
        return blocks;
    }

    private static SectionLayout[] ReadSections(ref WireReader reader)
    {
        var sections = new SectionLayout[reader.Count(itemSize: 30, MaxSections)];
        for (var i = 0; i < sections.Length; i++)
            sections[i] = new SectionLayout(reader.Text(), (int)reader.U32(), reader.I64(), reader.I64(), reader.I64());
        return sections;
    }
}
