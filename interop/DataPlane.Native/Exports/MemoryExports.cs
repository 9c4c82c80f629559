using System.Runtime.InteropServices;
using DataPlane.Native.Errors;
using DataPlane.Native.Handles;
using DataPlane.Native.Hosting;
using DataPlane.Native.Memory;
using DataPlane.Native.Structs;

namespace DataPlane.Native.Exports;

/// <summary><c>dp_memory</c>, and <c>dp_stream</c>.</summary>
internal static unsafe class MemoryExports
{
    [UnmanagedCallersOnly(EntryPoint = "dpm_memory_create")]
    public static int Create(nint* memory) => Call.Run(() => New.Handle(memory, () => new GuestRam()));

    [UnmanagedCallersOnly(EntryPoint = "dpm_memory_add_block")]
    public static int AddBlock(nint memory, void* block) => Call.On<GuestRam>(memory, HandleKind.Memory, ram => ram.Add(StructCopy.Read<DpBlock>(block, "dp_block")));

    [UnmanagedCallersOnly(EntryPoint = "dpm_memory_remove_block")]
    public static int RemoveBlock(nint memory, byte* name) => Call.On<GuestRam>(memory, HandleKind.Memory, ram => ram.Remove(NativeText.Need(name, "The block's name")));

    [UnmanagedCallersOnly(EntryPoint = "dpm_memory_block_address")]
    public static int BlockAddress(nint memory, byte* name, nint* address) =>
        Call.On<GuestRam>(memory, HandleKind.Memory, ram => New.Place(address) = ram.AddressOf(NativeText.Need(name, "The block's name")));

    [UnmanagedCallersOnly(EntryPoint = "dpm_mark_dirty")]
    public static int MarkDirty(nint memory, ulong guestAddress, ulong length)
    {
        GuestRam? ram = null;
        try
        {
            ram = HandleTable.Get<GuestRam>(memory, HandleKind.Memory);
            ram.Mark(guestAddress, length);
            return 0;
        }
        catch (Exception fault) // Without a closure, since devices call this for each of their writes; else as every call.
        {
            return Call.Fail(fault, ram);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "dpm_memory_destroy")]
    public static int Destroy(nint memory) => Call.Destroy(memory, HandleKind.Memory);

    [UnmanagedCallersOnly(EntryPoint = "dpm_write")]
    public static int Write(nint stream, void* data, ulong length) => Call.On<StateStream>(stream, HandleKind.Stream, into => into.Write(data, length));
}
