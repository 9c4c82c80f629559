using System.Globalization;
using System.Text;
using DataPlane.Linux;
using DataPlane.Linux.Codecs;

namespace DataPlane.Native;

/// <summary>What is worth knowing of this process before it migrates a guest, a line each.</summary>
internal static class HostFindings
{
    private const long FewFiles = 256;

    public static string Text()
    {
        var text = new StringBuilder("signals: SIGRTMIN is this library's, as it has to be.\n");
        Limit(text, "locked memory", ProcessLimits.LockedMemory, 0, "");
        Limit(text, "open files", ProcessLimits.OpenFiles, FewFiles, " Raise it (ulimit -n): the runtime takes some 80, a migration a dozen.");
        foreach (var codec in CodecLibraries.All)
            text.Append(CultureInfo.InvariantCulture, $"{codec.ImportName}: {codec.WhyMissing ?? $"version {codec.Version}."}\n");
        return text.ToString();
    }

    private static void Limit(StringBuilder text, string name, string limit, long least, string advice)
    {
        var value = ProcessLimits.Read(limit);
        var words = value switch { null => "unknown", long.MaxValue => "no limit", _ => value.Value.ToString(CultureInfo.InvariantCulture) };
        text.Append(CultureInfo.InvariantCulture, $"{name}: {words}.{(value < least ? advice : "")}\n");
    }
}
