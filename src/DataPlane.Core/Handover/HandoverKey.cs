using System.Globalization;
using DataPlane.Core.Errors;

namespace DataPlane.Core.Handover;

/// <summary>Names one side's records of one attempt.</summary>
/// <param name="Image">The guest image.</param>
/// <param name="Attempt">The attempt to move it, from 1.</param>
/// <param name="Side">Whose records.</param>
internal readonly record struct HandoverKey(Guid Image, uint Attempt, MigrationSide Side)
{
    public const string FileSuffix = ".handover";

    /// <summary>The file's name in a journal.</summary>
    public string FileName => string.Create(
        CultureInfo.InvariantCulture, $"{Image:N}-{Attempt}-{(Side == MigrationSide.Source ? "source" : "destination")}{FileSuffix}");

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"image {Image}, attempt {Attempt}, {(Side == MigrationSide.Source ? "source" : "destination")}");

    /// <summary>Reads a file's name back. False where it is none of a journal's.</summary>
    public static bool TryParse(string fileName, out HandoverKey key)
    {
        key = default;
        if (!fileName.EndsWith(FileSuffix, StringComparison.Ordinal)) return false;
        var parts = fileName[..^FileSuffix.Length].Split('-');
        if (parts.Length != 3 || !Guid.TryParseExact(parts[0], "N", out var image)
            || !uint.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var attempt)) return false;
        key = new HandoverKey(image, attempt, parts[2] == "source" ? MigrationSide.Source : MigrationSide.Destination);
        return key.FileName == fileName;
    }
}
