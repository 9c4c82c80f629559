using System.Runtime.InteropServices;

namespace DataPlane.Linux.Kvm;

/// <summary>
/// Throws a thread out of <c>KVM_RUN</c> by a signal that does nothing else. The handler is a harmless function of the C library:
/// managed code must not run in a signal handler, and without a handler the signal would end the process.
/// </summary>
internal static unsafe class ThreadKick
{
    /// <summary>A real-time signal: 32 and 33 belong to the C library, 34 to the .NET runtime; programs take theirs from either end.</summary>
    private const int KickSignal = 44;

    private const int Restart = 0x10000000; // SA_RESTART: other calls of a thread that is hit late go on as if nothing had been.

    private static readonly Lazy<bool> Handler = new(Install);

    /// <summary>Makes the signal harmless; before the first <see cref="Send"/>.</summary>
    public static void Prepare() => _ = Handler.Value;

    /// <summary>Interrupts what thread <paramref name="threadId"/> of this process waits in. Nothing happens if it has ended.</summary>
    public static void Send(int threadId) => _ = ThreadNative.Signal(Environment.ProcessId, threadId, KickSignal);

    private static bool Install()
    {
        var action = new ThreadNative.SignalAction
        {
            Handler = NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), "abs"),
            Flags = Restart,
        };
        return ThreadNative.SetSignalAction(KickSignal, &action, null) == 0 ? true : throw LinuxException.Last("sigaction");
    }
}
