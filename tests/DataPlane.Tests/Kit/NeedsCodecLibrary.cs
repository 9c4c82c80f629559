using DataPlane.Core.Codecs;
using DataPlane.Linux.Codecs;
using DataPlane.Options;
using Xunit;

namespace DataPlane.Tests.Kit;

/// <summary>Skips a test where the system lacks a compression library, with the package that brings it.</summary>
internal static class NeedsCodecLibrary
{
    public static void Check(CodecLibrary library) => Skip.IfNot(library.IsAvailable, library.WhyMissing ?? "");

    public static void OrSkip(PageCompression compression)
    {
        var missing = WhyMissing(compression);
        Skip.If(missing is not null, missing);
    }

    /// <summary>What is missing for it; null where it works, and for choices that are not one encoding's name.</summary>
    public static string? WhyMissing(PageCompression compression) =>
        Enum.TryParse<PageEncoding>(compression.ToString(), out var encoding) && encoding != PageEncoding.None ? PageCodecs.WhyMissing(encoding) : null;
}
