using System.Runtime.InteropServices;
using DataPlane.Native.Handles;
using DataPlane.Native.Migrations;
using DataPlane.Native.Structs;

namespace DataPlane.Native.Exports;

/// <summary><c>dp_migration</c>: how it goes and how it ends, on either side.</summary>
internal static unsafe class OutcomeExports
{
    [UnmanagedCallersOnly(EntryPoint = "dpm_wait")]
    public static int Wait(nint migration, long timeoutUs) => On(migration, side => side.Wait(timeoutUs));

    [UnmanagedCallersOnly(EntryPoint = "dpm_cancel")]
    public static int Cancel(nint migration) => On(migration, side => side.Cancel());

    [UnmanagedCallersOnly(EntryPoint = "dpm_settle")]
    public static int Settle(nint migration, int told) => On(migration, side => side.Settle(told));

    [UnmanagedCallersOnly(EntryPoint = "dpm_poll_fd")]
    public static int PollFd(nint migration, int* fd) => On(migration, side => New.Place(fd) = side.Events.Fd);

    [UnmanagedCallersOnly(EntryPoint = "dpm_next_event")]
    public static int NextEvent(nint migration, void* next) => On(migration, side =>
    {
        StructCopy.Write(default(DpEvent), next, "dp_event"); // Before one is taken from the queue for it.
        StructCopy.Write(side.Events.Next(), next, "dp_event");
    });

    [UnmanagedCallersOnly(EntryPoint = "dpm_get_progress")]
    public static int Progress(nint migration, void* progress) => On(migration, side => StructCopy.Write(Snapshots.Of(side.Progress), progress, "dp_progress"));

    [UnmanagedCallersOnly(EntryPoint = "dpm_progress_json")]
    public static int ProgressText(nint migration, byte* text, ulong size, ulong* needed) =>
        On(migration, side => NativeText.Write(ProgressJson.Write(side.Progress), text, size, needed));

    [UnmanagedCallersOnly(EntryPoint = "dpm_get_result")]
    public static int Result(nint migration, void* result) => On(migration, side => StructCopy.Write(Snapshots.Of(side.Result), result, "dp_result"));

    [UnmanagedCallersOnly(EntryPoint = "dpm_result_json")]
    public static int ResultText(nint migration, byte* text, ulong size, ulong* needed) =>
        On(migration, side => NativeText.Write(side.Result.ToJson(), text, size, needed));

    private static int On(nint migration, Action<Migration> body) => Call.On(migration, HandleKind.Migration, body);
}
