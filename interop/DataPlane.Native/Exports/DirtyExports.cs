using System.Runtime.InteropServices;
using DataPlane.Linux.Kvm;
using DataPlane.Linux.Userfault;
using DataPlane.Linux.Vhost;
using DataPlane.Native.Dirty;
using DataPlane.Native.Errors;
using DataPlane.Native.Handles;
using DataPlane.Native.Memory;
using DataPlane.Native.Structs;

namespace DataPlane.Native.Exports;

/// <summary><c>dp_dirty</c>.</summary>
internal static unsafe class DirtyExports
{
    [UnmanagedCallersOnly(EntryPoint = "dpm_dirty_create_callbacks")]
    public static int CreateCallbacks(nint memory, void* callbacks, nint* dirty) => Call.On<GuestRam>(memory, HandleKind.Memory, ram =>
    {
        var host = StructCopy.Read<DpDirtyCallbacks>(callbacks, "dp_dirty_callbacks");
        StructCopy.Zero(host.Reserved, "dp_dirty_callbacks");
        New.Handle(dirty, () => new DirtyTracker(ram, blocks => new CallbackDirtySource(blocks, host)));
    });

    [UnmanagedCallersOnly(EntryPoint = "dpm_dirty_create_kvm")]
    public static int CreateKvm(nint memory, void* options, nint* dirty) => Call.On<GuestRam>(memory, HandleKind.Memory, ram =>
    {
        var kvm = StructCopy.Read<DpKvmOptions>(options, "dp_kvm_options");
        New.Handle(dirty, () => new DirtyTracker(ram, blocks => KvmTracking.Make(blocks, kvm)));
    });

    [UnmanagedCallersOnly(EntryPoint = "dpm_kvm_enable_ring")]
    public static int EnableRing(int vmFd, uint entries) => Call.Run(() =>
    {
        if (entries > int.MaxValue) throw NativeException.Argument($"A ring of {entries} entries; accepted: 1024 to {KvmDirtyRing.DefaultEntries}.");
        KvmDirtyRing.Enable(vmFd, (int)entries);
    });

    [UnmanagedCallersOnly(EntryPoint = "dpm_dirty_harvest")]
    public static int Harvest(nint dirty)
    {
        DirtyTracker? tracker = null;
        try
        {
            tracker = HandleTable.Get<DirtyTracker>(dirty, HandleKind.Dirty);
            if (tracker.Source is not KvmDirtyRing ring) throw NativeException.Argument("This dp_dirty has no rings to empty: it was made for DP_KVM_RING or not at all.");
            ring.Harvest();
            return 0;
        }
        catch (Exception fault) // Without a closure, since a vCPU waits; else as every call.
        {
            return Call.Fail(fault, tracker);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "dpm_dirty_create_userfault")]
    public static int CreateUserfault(nint memory, nint* dirty) => Call.On<GuestRam>(memory, HandleKind.Memory, ram => New.Handle(dirty, () => new DirtyTracker(ram, blocks =>
        UserfaultDirtySource.Works(blocks, out var reason) ? new UserfaultDirtySource(blocks) : throw new NativeException(DpError.Unavailable, reason!))));

    [UnmanagedCallersOnly(EntryPoint = "dpm_dirty_create_vhost")]
    public static int CreateVhost(nint memory, ulong offset, nint* dirty) => Call.On<GuestRam>(memory, HandleKind.Memory, ram =>
    {
        if (offset > int.MaxValue) throw NativeException.Argument($"The log cannot begin at byte {offset}: accepted are 0 to {int.MaxValue}.");
        New.Handle(dirty, () => new DirtyTracker(ram, blocks => new VhostDirtyLog(blocks, (long)offset)));
    });

    [UnmanagedCallersOnly(EntryPoint = "dpm_dirty_vhost_log")]
    public static int VhostLog(nint dirty, int* fd, ulong* offset, ulong* length, nint* address) => Call.On<DirtyTracker>(dirty, HandleKind.Dirty, tracker =>
    {
        if (tracker.Source is not VhostDirtyLog log) throw NativeException.Argument("This dp_dirty is no log for vhost back ends.");
        New.Place(fd) = log.Fd;
        New.Place(offset) = (ulong)log.Offset;
        New.Place(length) = (ulong)log.Length;
        New.Place(address) = log.Address;
    });

    [UnmanagedCallersOnly(EntryPoint = "dpm_dirty_destroy")]
    public static int Destroy(nint dirty) => Call.Destroy(dirty, HandleKind.Dirty);
}
