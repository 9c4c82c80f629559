using System.Runtime.InteropServices;

namespace DataPlane.Linux.Host;

/// <summary>
/// The window of the terminal behind standard error. The runtime's console would ask standard output, which may be a file, and would first switch the
/// terminal's keypad to another mode.
/// </summary>
internal static unsafe partial class TerminalWindow
{
    private const int StandardError = 2;
    private const nuint GetWindowSize = 0x5413; // TIOCGWINSZ

    /// <summary>Columns and rows as they are now; false where standard error is no terminal, or one that does not tell.</summary>
    public static bool TryRead(out int columns, out int rows)
    {
        // SAFETY: the kernel fills in four 16-bit numbers: rows, columns, and the same in pixels.
        var size = stackalloc ushort[4];
        var known = Ioctl(StandardError, GetWindowSize, size) == 0 && size[0] > 0 && size[1] > 0;
        (rows, columns) = (size[0], size[1]);
        return known;
    }

    // Declared with three fixed arguments: on x86-64 and arm64 Linux a variadic ioctl takes them from the same places.
    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Ioctl(int descriptor, nuint request, void* argument);
}
