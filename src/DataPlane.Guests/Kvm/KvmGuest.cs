using System.Buffers;
using System.Text.Json.Nodes;
using DataPlane.Core.Dirty;
using DataPlane.Guests.Memory;
using DataPlane.Guests.Running;
using DataPlane.Guests.Writing;
using DataPlane.Host;
using DataPlane.Linux.Kvm;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Guests.Kvm;

/// <summary>
/// A guest of real vCPUs. Of its memory this process writes only the vCPUs' orders, as their phases change, and marks them: <see cref="GuestHost.Marks"/> is part of
/// its dirty source.
/// </summary>
internal sealed unsafe class KvmGuest : GuestHost
{
    /// <summary>
    /// Of a vCPU's section. The VMM in C (<c>interop/vmm</c>) has the same, and the same <see cref="WriterBlock"/>: a new one here is a new one there.
    /// </summary>
    internal const int StateVersion = 2;

    /// <summary>Measured for whole states of 6 KiB: 80-140 us to save, 60-300 us to load.</summary>
    private static readonly TimeSpan SaveTime = TimeSpan.FromMicroseconds(140), LoadTime = TimeSpan.FromMicroseconds(300);

    private readonly KvmMachine _machine;
    private readonly byte[][] _cpuids;
    private readonly List<VcpuWork> _works = [];

    public KvmGuest(GuestOptions options, bool source)
        : base(options, source)
    {
        ThreadKick.Prepare();
        try
        {
            _machine = new KvmMachine(Memory, options.Vcpus, KvmMachine.WantsRing(options.DirtySource) ? options.DirtyRingEntries : 0);
        }
        catch (IOException)
        {
            Ram.Dispose();
            throw;
        }
        _cpuids = [.. _machine.Vcpus.Select(_ => _machine.HostCpuid)];
        if (source)
        {
            LongMode.WriteSystemArea(Ram, Plan.Blocks);
            for (var i = 0; i < options.Vcpus; i++)
            {
                _machine.Vcpus[i].SetCpuid(_machine.HostCpuid);
                LongMode.Enter(_machine.Vcpus[i], i);
            }
        }
        var size = WriterScheduleState.MaxSize + KvmVcpuState.MaxBytes(_machine.Vcpus[0].XsaveBytes);
        Rehearse(load: !source);
        Finish("kvm-vcpu", new DeviceSection("", StateVersion, size, SaveTime, LoadTime), Work);
    }

    /// <summary>The VM, for tests that drive it by themselves.</summary>
    internal KvmMachine Machine => _machine;

    public override IDirtySource CreateDirtySource(string name) => new KvmDirtySources(_machine, Memory, Marks).Create(name);

    protected override WriterBlock* Block(int index) =>
        (WriterBlock*)Ram.Pages((GuestLayout.WriterBlocks >> PageShift) + index, 1);

    protected override void SaveWriter(int index, IBufferWriter<byte> state)
    {
        Schedule(index).Save().Write(state);
        KvmVcpuState.Save(_machine.Vcpus[index], _cpuids[index], state);
    }

    // The vCPU's orders are in its RAM, which may still be on its way: only what the schedule itself says is checked here.
    protected override void LoadWriter(int index, ReadOnlySpan<byte> state)
    {
        var schedule = WriterScheduleState.Read(state, out var size);
        Schedule(index).Load(schedule, Plan.Blocks[index]);
        _cpuids[index] = KvmVcpuState.Load(_machine.Vcpus[index], state[size..]);
    }

    protected override JsonNode DescribeWriter(ReadOnlySpan<byte> state)
    {
        var schedule = WriterScheduleState.Read(state, out var before);
        var parts = new JsonArray();
        foreach (var (name, offset, size) in KvmVcpuState.Parts(state[before..]))
            parts.Add(new JsonObject { ["part"] = name, ["offset"] = offset + before, ["size"] = size });
        return new JsonObject { ["pace-nanoseconds"] = schedule.PaceClock, ["parts"] = parts };
    }

    protected override void Close()
    {
        _works.ForEach(work => work.Dispose());
        _machine.Dispose();
    }

    /// <summary>Saves, and where a guest is to come loads, what the first vCPU has by now: nothing changes, and the second time is fast.</summary>
    private void Rehearse(bool load)
    {
        var state = new ArrayBufferWriter<byte>();
        SaveWriter(0, state);
        if (load) LoadWriter(0, state.WrittenSpan);
    }

    private VcpuWork Work(int index)
    {
        var work = new VcpuWork(_machine.Vcpus[index], _machine.Ring, Block(index), Schedule(index), () => Marks.Mark(Memory.Blocks[0], GuestLayout.WriterBlocks + ((long)index << PageShift), PageSize));
        _works.Add(work);
        return work;
    }
}
