using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Guests.Memory;
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
    private readonly List<SyntheticWriter> _writers = [];
    private readonly MemoryPages _pages;
    private byte* _blocks;

    public SyntheticGuest(GuestOptions options, bool source)
        : base(options, source)
    {
        _pages = new MemoryPages(Memory);
        _blocks = (byte*)NativeMemory.AllocZeroed((nuint)options.Vcpus, WriterBlock.Room);
        for (var i = 0; source && i < options.Vcpus; i++) *Block(i) = Plan.Blocks[i];
        Finish("synthetic-writer", new DeviceSection("", 2, WriterScheduleState.MaxSize + sizeof(WriterBlock)), Work);
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

    protected override WriterBlock* Block(int index) => (WriterBlock*)(_blocks + (index * (long)WriterBlock.Room));

    protected override void SaveWriter(int index, IBufferWriter<byte> state)
    {
        Schedule(index).Save().Write(state);
        state.Write(new ReadOnlySpan<byte>(Block(index), sizeof(WriterBlock)));
    }

    protected override void LoadWriter(int index, ReadOnlySpan<byte> state)
    {
        var schedule = WriterScheduleState.Read(state, out var size);
        if (state.Length != size + sizeof(WriterBlock))
            throw new InvalidDataException($"A synthetic writer's orders have {sizeof(WriterBlock)} bytes, not {state.Length - size}.");
        var writer = MemoryMarshal.Read<WriterBlock>(state[size..]);
        if (!writer.Fits((ulong)Ram.PageCount) || (writer.Pattern == (ulong)DirtyPattern.Replay) != (schedule.Replay != 0))
            throw new InvalidDataException("A synthetic writer's state does not fit this guest's memory.");
        // What of the trace was listed and not written has been given back; the list stayed behind.
        if (schedule.Replay != 0) writer.Batch = 0;
        Schedule(index).Load(schedule, writer);
        *Block(index) = writer;
    }

    protected override JsonNode DescribeWriter(ReadOnlySpan<byte> state)
    {
        var schedule = WriterScheduleState.Read(state, out var size);
        var writer = MemoryMarshal.Read<WriterBlock>(state[size..]);
        return new JsonObject
        {
            ["pace-nanoseconds"] = schedule.PaceClock,
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
        var writer = new SyntheticWriter(_pages, Marks, Block(index), Schedule(index));
        _writers.Add(writer);
        return writer;
    }
}
