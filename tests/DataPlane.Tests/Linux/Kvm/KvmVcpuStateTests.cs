using System.Buffers;
using DataPlane.Guests;
using DataPlane.Guests.Kvm;
using DataPlane.Linux.Kvm;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Linux.Kvm;

/// <summary>A vCPU's state as bytes: complete, and refused where it is not what it says.</summary>
[Collection("machine")]
public sealed class KvmVcpuStateTests
{
    private static KvmGuest Stopped()
    {
        var guest = KvmGuests.Make(DirtyPattern.Uniform);
        guest.Start();
        GuestProgress.Await(guest, 1000);
        guest.PauseAsync(default).AsTask().Wait();
        return guest;
    }

    private static byte[] Save(KvmMachine machine, byte[] cpuid)
    {
        var state = new ArrayBufferWriter<byte>();
        KvmVcpuState.Save(machine.Vcpus[0], cpuid, state);
        return state.WrittenSpan.ToArray();
    }

    [SkippableFact]
    public void LoadedState_SavesToTheSameBytes()
    {
        NeedsKvm.OrSkip();
        using var guest = Stopped();
        using var other = new KvmMachine(guest.Memory, 1);
        var state = Save(guest.Machine, guest.Machine.HostCpuid);
        Assert.InRange(state.Length, 5000, KvmVcpuState.MaxBytes(guest.Machine.Vcpus[0].XsaveBytes));
        // What the host offers may differ from one question to the next (the core's number is in it): the guest keeps what it was
        // given.
        var given = KvmVcpuState.Load(other.Vcpus[0], state);
        Assert.Equal(state, Save(other, given));
    }

    [SkippableFact]
    public void TruncatedOrAltered_IsRefused()
    {
        NeedsKvm.OrSkip();
        using var guest = Stopped();
        using var other = new KvmMachine(guest.Memory, 1);
        var state = Save(guest.Machine, guest.Machine.HostCpuid);
        for (var length = 0; length < state.Length; length += 97)
            Assert.Throws<InvalidDataException>(() => KvmVcpuState.Load(other.Vcpus[0], state.AsSpan(0, length)));
        Assert.Throws<InvalidDataException>(() => KvmVcpuState.Load(other.Vcpus[0], [.. state, 0]));
        for (var at = 0; at < 16; at++) // The first part's tag and length, and the number of its entries.
        {
            if (at is >= 12) continue; // The kernel ignores the padding behind it.
            var altered = (byte[])state.Clone();
            altered[at] ^= 0x40;
            Assert.Throws<InvalidDataException>(() => KvmVcpuState.Load(other.Vcpus[0], altered));
        }
    }
}
