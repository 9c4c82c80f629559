using System.Globalization;
using DataPlane.Linux.Host;

namespace DataPlane.Tools.Shaping;

/// <summary>
/// Which process a namespace belongs to, as its name says it: by number and by when it began, in the kernel's ticks, since numbers are given out again. So what a killed
/// process has left is known, and nothing that lives is taken away.
/// </summary>
internal readonly record struct NamespaceOwner(int Process, ulong Began)
{
    private const string Mark = "dataplane-link";

    // Fields of /proc/PID/stat behind the program's name, which may hold blanks and brackets itself; the 22nd of the line is the start.
    private const int BeganField = 19;

    public static NamespaceOwner Current { get; } = Of(Environment.ProcessId) ?? default;

    /// <summary>A process that runs; null where there is none of that number.</summary>
    public static NamespaceOwner? Of(int process) => BeganAt(process) is { } began ? new NamespaceOwner(process, began) : null;

    /// <summary>How the names of this process' pair <paramref name="number"/> begin.</summary>
    public string Stem(int number) => string.Create(CultureInfo.InvariantCulture, $"{Mark}-{Process}-{Began}-{number}");

    /// <summary>Takes down the namespaces whose process has ended.</summary>
    public static void RemoveLeftovers()
    {
        foreach (var name in new HostFiles().Names(NetworkNamespace.Folder[1..]))
            if (TryRead(name, out var owner) && Of(owner.Process) != owner) _ = IpCommand.Fault("ip", "netns", "del", name);
    }

    internal static bool TryRead(string name, out NamespaceOwner owner)
    {
        owner = default;
        if (!name.StartsWith(Mark + "-", StringComparison.Ordinal) || name[(Mark.Length + 1)..].Split('-') is not [var process, var began, _, "s" or "d"]) return false;
        var read = int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        read &= ulong.TryParse(began, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks);
        owner = new NamespaceOwner(number, ticks);
        return read;
    }

    private static ulong? BeganAt(int process)
    {
        var line = new HostFiles().Read(string.Create(CultureInfo.InvariantCulture, $"proc/{process}/stat")).Text;
        var fields = line?[(line.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        // One that has ended and whose parent has not looked yet (Z) has nothing any more.
        return fields?.Length > BeganField && fields[0] != "Z" && ulong.TryParse(fields[BeganField], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) ? ticks : null;
    }
}
