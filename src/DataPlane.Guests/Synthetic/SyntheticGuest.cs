using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Guests.Running;
using DataPlane.Guests.Writing;
using DataPlane.Host;
using DataPlane.Linux.Userfault;

namespace DataPlane.Guests.Synthetic;

/// <summary>
/// A guest of threads, for hosts without KVM. Its writers' orders and counters lie outside guest memory and travel as their
/// state.
/// </summary>
internal sealed unsafe class SyntheticGuest : GuestHost
{
    private readonly WriterPace[] _paces;
    private readonly List<SyntheticWriter> _writers = [];
    private WriterBlock* _blocks;

    public SyntheticGuest(GuestOptions options, bool source)
        : base(options, source)
    {
        _blocks = (WriterBlock*)NativeMemory.AllocZeroed((nuint)options.Vcpus, (nuint)sizeof(WriterBlock));
        if (source) WriterPlan.Make(options).CopyTo(new Span<WriterBlock>(_blocks, options.Vcpus));
        _paces = [.. Enumerable.Range(0, options.Vcpus).Select(_ => new WriterPace(TimeProvider.System))];
        Finish("synthetic-writer", new DeviceSection("", 1, sizeof(long) + sizeof(WriterBlock)), Work);
    }

    public override IDirtySource CreateDirtySource(string name) => name switch
    {
        // A huge page of hugetlbfs is tracked as one: a write to 4 KiB of it would send 2 MiB.
        DirtySourceNames.Auto when Memory.Blocks.All(block => block.Info.BackingPageSize == PageGeometry.PageSize)
            && UserfaultDirtySource.Works(Memory, out _) => new UserfaultDirtySource(Memory),
        DirtySourceNames.Auto or DirtySourceNames.Explicit => new SharedSource(Marks),
        DirtySourceNames.Userfault => UserfaultDirtySource.Works(Memory, out var missing)
            ? new UserfaultDirtySource(Memory)
            : throw new DirtySourceUnavailableException(missing!),
        _ => throw new ArgumentException(DirtySourceNames.Refusal(Kind, name), nameof(name)),
    };

    protected override WriterBlock* Block(int index) => _blocks + index;

    protected override WriterPace Pace(int index) => _paces[index];

    protected override void SaveWriter(int index, IBufferWriter<byte> state)
    {
        BinaryPrimitives.WriteInt64LittleEndian(state.GetSpan(sizeof(long)), _paces[index].Clock);
        state.Advance(sizeof(long));
        state.Write(new ReadOnlySpan<byte>(_blocks + index, sizeof(WriterBlock)));
    }

    protected override void LoadWriter(int index, ReadOnlySpan<byte> state)
    {
        if (state.Length != sizeof(long) + sizeof(WriterBlock))
            throw new InvalidDataException($"A synthetic writer's state has {sizeof(long) + sizeof(WriterBlock)} bytes, not {state.Length}.");
        var writer = MemoryMarshal.Read<WriterBlock>(state[sizeof(long)..]);
        if (!writer.Fits((ulong)Ram.PageCount))
            throw new InvalidDataException("A synthetic writer's state does not fit this guest's memory.");
        _paces[index].Clock = BinaryPrimitives.ReadInt64LittleEndian(state);
        _blocks[index] = writer;
    }

    protected override JsonNode DescribeWriter(ReadOnlySpan<byte> state)
    {
        var writer = MemoryMarshal.Read<WriterBlock>(state[sizeof(long)..]);
        return new JsonObject
        {
            ["pace-nanoseconds"] = BinaryPrimitives.ReadInt64LittleEndian(state),
            ["first-page"] = writer.FirstPage,
            ["pages"] = writer.Pages,
            ["count"] = writer.Count,
        };
    }

    protected override void Close()
    {
        _writers.ForEach(writer => writer.Dispose());
        NativeMemory.Free(_blocks);
        _blocks = null;
    }

    private SyntheticWriter Work(int index)
    {
        var writer = new SyntheticWriter(Ram, Marks, _blocks + index, _paces[index]);
        _writers.Add(writer);
        return writer;
    }
}
