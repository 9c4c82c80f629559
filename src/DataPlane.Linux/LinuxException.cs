using System.Runtime.InteropServices;

namespace DataPlane.Linux;

/// <summary>A system call failed: which, with what number, and the system's words for it.</summary>
public sealed class LinuxException : IOException
{
    /// <summary>For the call <paramref name="call"/> that failed with <paramref name="errno"/>.</summary>
    public LinuxException(string call, int errno)
        : base($"{call}: {Marshal.GetPInvokeErrorMessage(errno)} (errno {errno})")
    {
        Call = call;
        Errno = errno;
    }

    /// <summary>For the call <paramref name="call"/> that failed with <paramref name="errno"/>, which here means <paramref name="sentence"/>.</summary>
    public LinuxException(string call, int errno, string sentence)
        : base($"{sentence} ({call}: {Marshal.GetPInvokeErrorMessage(errno)}, errno {errno})")
    {
        Call = call;
        Errno = errno;
    }

    /// <summary>The call, with what it was for.</summary>
    public string Call { get; }

    /// <summary>The error number.</summary>
    public int Errno { get; }

    /// <summary>The failure of the P/Invoke that was just made on this thread.</summary>
    internal static LinuxException Last(string call) => new(call, Marshal.GetLastPInvokeError());
}
