using System.Globalization;

namespace DataPlane.Guests.Recording;

/// <summary>A writable mapping of a process, as /proc/PID/maps tells.</summary>
/// <param name="Start">Its first address.</param>
/// <param name="End">The address behind its last byte.</param>
/// <param name="Name">Of the file behind it, or what the kernel calls it; empty for anonymous memory.</param>
public sealed record ProcessMapping(ulong Start, ulong End, string Name)
{
    /// <summary>Bytes.</summary>
    public long Length => (long)(End - Start);

    /// <summary>The writable mappings of process <paramref name="pid"/>. Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> where it cannot be looked at.</summary>
    public static IReadOnlyList<ProcessMapping> Of(int pid)
    {
        var mappings = new List<ProcessMapping>();
        foreach (var line in File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/maps")))
        {
            // START-END PERMISSIONS OFFSET DEVICE INODE NAME
            var fields = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
            var dash = fields[0].IndexOf('-', StringComparison.Ordinal);
            if (fields.Length < 5 || !fields[1].StartsWith("rw", StringComparison.Ordinal)
                || !ulong.TryParse(fields[0].AsSpan(0, dash), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var start)
                || !ulong.TryParse(fields[0].AsSpan(dash + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var end)) continue;
            mappings.Add(new ProcessMapping(start, end, fields.Length > 5 ? fields[5].Trim() : ""));
        }
        return mappings;
    }

    /// <summary>One line for people.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Start:x}-{End:x} {(Name.Length > 0 ? Name : "anonymous")}");
}
