using DataPlane.Linux.Codecs;
using Xunit;

namespace DataPlane.Tests.Kit;

/// <summary>Skips a test where the system lacks a compression library, with the package that brings it.</summary>
internal static class NeedsCodecLibrary
{
    public static void Check(CodecLibrary library) => Skip.IfNot(library.IsAvailable, library.WhyMissing ?? "");
}
