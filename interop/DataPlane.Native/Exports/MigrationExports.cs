using System.Runtime.InteropServices;
using DataPlane.Native.Errors;
using DataPlane.Native.Handles;
using DataPlane.Native.Memory;
using DataPlane.Native.Migrations;
using DataPlane.Native.Options;
using DataPlane.Native.Structs;

namespace DataPlane.Native.Exports;

/// <summary><c>dp_migration</c>, <c>dp_listener</c> and <c>dp_costs</c>: what makes them and sets them going.</summary>
internal static unsafe class MigrationExports
{
    private const uint MostDirty = 64;

    [UnmanagedCallersOnly(EntryPoint = "dpm_costs_create")]
    public static int CreateCosts(nint* costs) => Call.Run(() => New.Handle(costs, () => new Costs()));

    [UnmanagedCallersOnly(EntryPoint = "dpm_costs_destroy")]
    public static int DestroyCosts(nint costs) => Call.Destroy(costs, HandleKind.Costs);

    [UnmanagedCallersOnly(EntryPoint = "dpm_listener_create")]
    public static int Listen(byte* address, nint* listener) => Call.Run(() => New.Handle(listener, () => new Listener(NativeText.Need(address, "The address"))));

    [UnmanagedCallersOnly(EntryPoint = "dpm_listener_address")]
    public static int ListenerAddress(nint listener, byte* text, ulong size, ulong* needed) =>
        Call.On<Listener>(listener, HandleKind.Listener, bound => NativeText.Write(bound.Bound.Address.ToString(), text, size, needed));

    [UnmanagedCallersOnly(EntryPoint = "dpm_listener_destroy")]
    public static int DestroyListener(nint listener) => Call.Destroy(listener, HandleKind.Listener);

    [UnmanagedCallersOnly(EntryPoint = "dpm_source_create")]
    public static int CreateSource(nint memory, nint* dirty, uint dirtyCount, void* host, DpSourceOptions* options, nint* source) => Call.On<GuestRam>(memory, HandleKind.Memory, ram =>
    {
        if (dirtyCount > MostDirty || (dirtyCount > 0 && dirty == null)) throw NativeException.Argument($"dirty is an array of {dirtyCount}{(dirty == null ? " at NULL" : "")}; accepted: up to {MostDirty}.");
        var calls = StructCopy.Read<DpHost>(host, "dp_host");
        New.Handle(source, () => new SourceMigration(ram, new ReadOnlySpan<nint>(dirty, (int)dirtyCount), calls, options));
    });

    [UnmanagedCallersOnly(EntryPoint = "dpm_destination_create")]
    public static int CreateDestination(nint memory, void* host, DpDestinationOptions* options, nint* destination) => Call.On<GuestRam>(memory, HandleKind.Memory, ram =>
    {
        var calls = StructCopy.Read<DpHost>(host, "dp_host");
        New.Handle(destination, () => new DestinationMigration(ram, calls, options));
    });

    [UnmanagedCallersOnly(EntryPoint = "dpm_source_start")]
    public static int StartSource(nint source, byte* address) => OnSource(source, side => side.Start(Address.Parse(NativeText.Need(address, "The address"))));

    [UnmanagedCallersOnly(EntryPoint = "dpm_destination_start")]
    public static int StartDestination(nint destination, nint listener) =>
        OnDestination(destination, side => side.Start(HandleTable.Get<Listener>(listener, HandleKind.Listener)));

    [UnmanagedCallersOnly(EntryPoint = "dpm_source_start_sockets")]
    public static int StartSourceSockets(nint source, int* fds, uint count) => OnSource(source, side => TakenSockets.Use(fds, count, side.Start));

    [UnmanagedCallersOnly(EntryPoint = "dpm_destination_start_sockets")]
    public static int StartDestinationSockets(nint destination, int* fds, uint count) => OnDestination(destination, side => TakenSockets.Use(fds, count, side.Start));

    [UnmanagedCallersOnly(EntryPoint = "dpm_continue")]
    public static int Continue(nint source) => OnSource(source, side => side.Continue());

    [UnmanagedCallersOnly(EntryPoint = "dpm_source_update_init")]
    public static int InitUpdate(nint source, void* update, uint size) => OnSource(source, side =>
    {
        New.Place((byte*)update) = 0;
        if (size < sizeof(DpSourceUpdate)) throw new NativeException(DpError.StructSize, $"A dp_source_update has {sizeof(DpSourceUpdate)} bytes or more, not {size}.");
        new Span<byte>(update, (int)Math.Min(size, int.MaxValue)).Clear();
        *(uint*)update = size;
        StructCopy.Write(side.Changeable, update, "dp_source_update");
    });

    [UnmanagedCallersOnly(EntryPoint = "dpm_update")]
    public static int Update(nint source, void* update) => OnSource(source, side =>
    {
        var change = StructCopy.Read<DpSourceUpdate>(update, "dp_source_update");
        StructCopy.Zero((uint)change.Reserved, "dp_source_update");
        side.Update(change);
    });

    [UnmanagedCallersOnly(EntryPoint = "dpm_migration_destroy")]
    public static int Destroy(nint migration) => Call.Destroy(migration, HandleKind.Migration);

    private static int OnSource(nint handle, Action<SourceMigration> body) => Call.On<Migration>(handle, HandleKind.Migration, migration =>
        body(migration as SourceMigration ?? throw new NativeException(DpError.WrongSide, "This is for the source, and the dp_migration is a destination.")));

    private static int OnDestination(nint handle, Action<DestinationMigration> body) => Call.On<Migration>(handle, HandleKind.Migration, migration =>
        body(migration as DestinationMigration ?? throw new NativeException(DpError.WrongSide, "This is for the destination, and the dp_migration is a source.")));
}
