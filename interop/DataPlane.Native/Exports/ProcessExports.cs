using System.Runtime.InteropServices;
using DataPlane.Native.Errors;
using DataPlane.Native.Handles;

namespace DataPlane.Native.Exports;

/// <summary>The process: starting, looking at the host, the last error.</summary>
internal static unsafe class ProcessExports
{
    // Callbacks block the pool's threads that they come on. The pool adds one for each that blocks only after half a second.
    private const int LeastPoolThreads = 8;

    [UnmanagedCallersOnly(EntryPoint = "dpm_init")]
    public static int Init() => Call.Run(() =>
    {
        ThreadPool.GetMinThreads(out var workers, out var ports);
        _ = ThreadPool.SetMinThreads(Math.Max(workers, LeastPoolThreads), ports);
    });

    [UnmanagedCallersOnly(EntryPoint = "dpm_check_host")]
    public static int CheckHost(byte* text, ulong size, ulong* needed) => Call.Run(() => NativeText.Write(HostFindings.Text(), text, size, needed));

    [UnmanagedCallersOnly(EntryPoint = "dpm_prepare")]
    public static int Prepare(long timeoutUs) => Call.Run(() =>
    {
        var played = MigrationProcess.PrepareAsync();
        if (timeoutUs > 0 && !played.Wait(Microseconds.ToTime(Math.Min(timeoutUs, int.MaxValue)))) throw new NativeException(DpError.NotReady, "The rehearsal is not over yet; it goes on.");
    });

    [UnmanagedCallersOnly(EntryPoint = "dpm_last_error")]
    public static int LastError(nint handle, byte* text, ulong size, ulong* needed)
    {
        try
        {
            NativeText.Write(handle == 0 ? Call.LastError : HandleTable.TryGet(handle)?.LastError ?? Call.LastError, text, size, needed);
            return 0;
        }
        catch (NativeException refused) // Not kept: it would take the place of what was asked for.
        {
            return refused.Code;
        }
        catch (OutOfMemoryException)
        {
            return -(int)Core.Errors.MigrationErrorCode.OutOfResources;
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "dpm_refused")]
    public static void Refused(int code, byte* sentence) => _ = Call.Run(() => Call.Keep(NativeText.Read(sentence, "The sentence") ?? "", null));
}
