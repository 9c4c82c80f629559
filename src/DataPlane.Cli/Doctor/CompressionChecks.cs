using DataPlane.Linux.Codecs;

namespace DataPlane.Cli.Doctor;

/// <summary>The libraries that compress pages.</summary>
internal static class CompressionChecks
{
    private const string Group = "compression";

    public static IEnumerable<Check> All() =>
    [
        Of("liblz4", CodecLibraries.Lz4, "'--compression lz4', for links slower than some 6 Gbit/s a channel, needs it on both sides."),
        Of("libzstd", CodecLibraries.Zstd, "'--compression zstd', for slower links yet, needs it on both sides."),
    ];

    private static Check Of(string name, CodecLibrary library, string meaning) => library.IsAvailable
        ? new Check(Group, name, CheckStatus.Ok, $"{library.FileName} {library.Version}", meaning, null)
        : new Check(Group, name, CheckStatus.Missing, $"no {library.FileName}", meaning, $"apt-get install {library.DebianPackage}");
}
