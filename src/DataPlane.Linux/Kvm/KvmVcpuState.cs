using System.Buffers;
using System.Buffers.Binary;
using static DataPlane.Linux.Kvm.KvmNative;

namespace DataPlane.Linux.Kvm;

/// <summary>
/// A stopped vCPU's whole state as bytes, and back: a list of parts, each with a tag, a length and the kernel's structure as it
/// is. The parts stand in the order in which they must be set: the CPU's features first, system registers before those that
/// depend on paging, extended state after the mask that says what of it is on, pending events last.
/// </summary>
/// <remarks>
/// The time stamp counter is left out: setting it has no effect on some hosts, and nothing that moves may rely on it.
/// Interrupt controllers and timers are devices of the VM, not of the vCPU.
/// </remarks>
internal static unsafe class KvmVcpuState
{
    public const int LegacyXsaveBytes = 4096;
    private const int PartHeaderBytes = 8;

    /// <summary>
    /// EFER, STAR, LSTAR, SFMASK, FS base, GS base, kernel GS base, PAT: what a guest without an operating system may have set.
    /// </summary>
    private static ReadOnlySpan<uint> Msrs =>
        [0xC000_0080, 0xC000_0081, 0xC000_0082, 0xC000_0084, 0xC000_0100, 0xC000_0101, 0xC000_0102, 0x277];

    private enum Part
    {
        Cpuid = 1,
        SystemRegisters,
        Registers,
        ExtendedControl,
        ExtendedState,
        Msrs,
        DebugRegisters,
        Events,
        RunState,
    }

    /// <summary>The most bytes that <see cref="Save"/> writes for a vCPU with so much extended state.</summary>
    public static int MaxBytes(int xsaveBytes) =>
        (9 * PartHeaderBytes) + KvmCpuid.HeaderBytes + (KvmCpuid.MaxEntries * KvmCpuid.EntryBytes)
        + sizeof(KvmSystemRegisters) + sizeof(KvmRegisters) + 0x188 + xsaveBytes + MsrBytes + 0x80 + 0x40 + 4;

    private static int MsrBytes => 8 + (Msrs.Length * 16);

    /// <summary>Writes the state. The vCPU's thread is not running it, and no exit waits to be completed.</summary>
    public static void Save(KvmVcpu vcpu, ReadOnlySpan<byte> cpuid, IBufferWriter<byte> output)
    {
        cpuid.CopyTo(Begin(output, Part.Cpuid, cpuid.Length));
        output.Advance(cpuid.Length);
        Get(vcpu, output, Part.SystemRegisters, GetSregs, sizeof(KvmSystemRegisters), "KVM_GET_SREGS");
        Get(vcpu, output, Part.Registers, GetRegs, sizeof(KvmRegisters), "KVM_GET_REGS");
        Get(vcpu, output, Part.ExtendedControl, GetXcrs, 0x188, "KVM_GET_XCRS");
        if (vcpu.XsaveBytes > LegacyXsaveBytes)
            Get(vcpu, output, Part.ExtendedState, GetXsave2, vcpu.XsaveBytes, "KVM_GET_XSAVE2");
        else
            Get(vcpu, output, Part.ExtendedState, GetXsave, LegacyXsaveBytes, "KVM_GET_XSAVE");
        SaveMsrs(vcpu, output);
        Get(vcpu, output, Part.DebugRegisters, GetDebugRegs, 0x80, "KVM_GET_DEBUGREGS");
        Get(vcpu, output, Part.Events, GetVcpuEvents, 0x40, "KVM_GET_VCPU_EVENTS");
        Get(vcpu, output, Part.RunState, GetMpState, 4, "KVM_GET_MP_STATE");
    }

    /// <summary>
    /// Sets the state on a vCPU that does not run: a fresh one, or one that the guest has left before. Returns the CPU features the guest was
    /// given, to be saved again with it. Throws <see cref="InvalidDataException"/> for bytes that are no such state, and
    /// <see cref="LinuxException"/> where this host cannot take it.
    /// </summary>
    public static byte[] Load(KvmVcpu vcpu, ReadOnlySpan<byte> state)
    {
        byte[]? cpuid = null;
        for (var expected = Part.Cpuid; expected <= Part.RunState; expected++)
        {
            var part = Take(ref state, expected, vcpu);
            if (expected == Part.Cpuid) cpuid = part.ToArray();
            Set(vcpu, expected, part);
        }
        return state.IsEmpty ? cpuid! : throw new InvalidDataException($"The vCPU's state has {state.Length} bytes too many.");
    }

    /// <summary>What a saved state is made of: the kernel's structures by name, where each begins and how long it is.</summary>
    public static IReadOnlyList<(string Name, int Offset, int Size)> Parts(ReadOnlySpan<byte> state)
    {
        var parts = new List<(string, int, int)>();
        for (var at = 0; at < state.Length;)
        {
            var size = BinaryPrimitives.ReadInt32LittleEndian(state[(at + 4)..]);
            parts.Add((((Part)BinaryPrimitives.ReadInt32LittleEndian(state[at..])).ToString(), at + PartHeaderBytes, size));
            at += PartHeaderBytes + size;
        }
        return parts;
    }

    private static void Get(KvmVcpu vcpu, IBufferWriter<byte> output, Part part, uint request, int bytes, string call)
    {
        var span = Begin(output, part, bytes)[..bytes];
        span.Clear();
        fixed (byte* argument = span)
            vcpu.Call(request, argument, call);
        output.Advance(bytes);
    }

    private static void SaveMsrs(KvmVcpu vcpu, IBufferWriter<byte> output)
    {
        var span = Begin(output, Part.Msrs, MsrBytes)[..MsrBytes];
        span.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(span, Msrs.Length);
        for (var i = 0; i < Msrs.Length; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(span[(8 + (i * 16))..], Msrs[i]);
        fixed (byte* argument = span)
            CheckMsrs(vcpu.Call(GetMsrs, argument, "KVM_GET_MSRS"), "read");
        output.Advance(MsrBytes);
    }

    private static Span<byte> Begin(IBufferWriter<byte> output, Part part, int bytes)
    {
        var header = output.GetSpan(PartHeaderBytes);
        BinaryPrimitives.WriteInt32LittleEndian(header, (int)part);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], bytes);
        output.Advance(PartHeaderBytes);
        return output.GetSpan(bytes);
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> state, Part expected, KvmVcpu vcpu)
    {
        if (state.Length < PartHeaderBytes)
            throw new InvalidDataException($"The vCPU's state ends before its part {expected}.");
        var part = (Part)BinaryPrimitives.ReadInt32LittleEndian(state);
        var bytes = BinaryPrimitives.ReadInt32LittleEndian(state[4..]);
        if (part != expected || bytes < 0 || bytes > state.Length - PartHeaderBytes || !Fits(expected, bytes, vcpu))
            throw new InvalidDataException($"The vCPU's state holds part {(int)part} of {bytes} bytes where {expected} belongs.");
        var taken = state.Slice(PartHeaderBytes, bytes);
        state = state[(PartHeaderBytes + bytes)..];
        return taken;
    }

    /// <summary>
    /// The kernel reads as much as its structure is long, so every length is checked before it is given to the kernel.
    /// </summary>
    private static bool Fits(Part part, int bytes, KvmVcpu vcpu) => part switch
    {
        Part.Cpuid => bytes >= KvmCpuid.HeaderBytes && bytes <= KvmCpuid.HeaderBytes + (KvmCpuid.MaxEntries * KvmCpuid.EntryBytes),
        Part.SystemRegisters => bytes == sizeof(KvmSystemRegisters),
        Part.Registers => bytes == sizeof(KvmRegisters),
        Part.ExtendedControl => bytes == 0x188,
        Part.ExtendedState => bytes == vcpu.XsaveBytes,
        Part.Msrs => bytes == MsrBytes,
        Part.DebugRegisters => bytes == 0x80,
        Part.Events => bytes == 0x40,
        _ => bytes == 4,
    };

    private static void Set(KvmVcpu vcpu, Part part, ReadOnlySpan<byte> state)
    {
        if (part == Part.Cpuid && BinaryPrimitives.ReadInt32LittleEndian(state) != (state.Length - KvmCpuid.HeaderBytes) / KvmCpuid.EntryBytes)
            throw new InvalidDataException("The vCPU's table of CPU features is not as long as it says.");
        if (part == Part.Msrs && BinaryPrimitives.ReadInt32LittleEndian(state) != Msrs.Length)
            throw new InvalidDataException("The vCPU's list of model specific registers is not as long as it says.");
        if (part == Part.Cpuid)
        {
            vcpu.SetCpuid(state);
            return;
        }
        var request = part switch
        {
            Part.SystemRegisters => SetSregs,
            Part.Registers => SetRegs,
            Part.ExtendedControl => SetXcrs,
            Part.ExtendedState => SetXsave,
            Part.Msrs => SetMsrs,
            Part.DebugRegisters => SetDebugRegs,
            Part.Events => SetVcpuEvents,
            _ => SetMpState,
        };
        fixed (byte* argument = state)
        {
            var result = vcpu.Call(request, argument, $"setting the vCPU's {part}");
            if (part == Part.Msrs) CheckMsrs(result, "set");
        }
    }

    private static void CheckMsrs(int done, string verb)
    {
        if (done != Msrs.Length)
            throw new InvalidDataException($"Model specific register 0x{Msrs[done]:x} cannot be {verb} on this host.");
    }
}
