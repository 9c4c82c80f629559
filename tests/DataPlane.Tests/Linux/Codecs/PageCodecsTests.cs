using DataPlane.Codecs.K4os;
using DataPlane.Core.Codecs;
using DataPlane.Linux.Codecs;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Linux.Codecs;

public sealed class PageCodecsTests
{
    [Fact]
    public void The_wire_numbers_stand()
    {
        Assert.Equal(0, (byte)PageEncoding.None);
        Assert.Equal(1, (byte)PageEncoding.Lz4);
        Assert.Equal(2, (byte)PageEncoding.Zstd);
    }

    [SkippableFact]
    public void The_systems_libraries_come_first()
    {
        K4osLz4.Register();
        foreach (var library in CodecLibraries.All) NeedsCodecLibrary.Check(library);
        foreach (var encoding in Enum.GetValues<PageEncoding>())
        {
            Assert.Null(PageCodecs.WhyMissing(encoding));
            using var codec = PageCodecs.Create(encoding);
            Assert.Equal(encoding, codec.Encoding);
        }
        using var lz4 = PageCodecs.Create(PageEncoding.Lz4);
        Assert.Equal($"lz4 (liblz4 {CodecLibraries.Lz4.Version})", lz4.Name);
        Assert.Matches(@"^zstd \(libzstd \d+\.\d+\.\d+\)$", PageCodecs.Create(PageEncoding.Zstd).Name);
    }

    [Fact]
    public void Where_liblz4_is_absent_the_adapter_is_used_if_it_was_built_in()
    {
        var host = new CodecSources(Absent("liblz4.so.1", "liblz4-1"), Absent("libzstd.so.1", "libzstd1"));
        Assert.Contains("'apt install liblz4-1'", host.WhyMissing(PageEncoding.Lz4), StringComparison.Ordinal);
        Assert.Contains("liblz4-1", Assert.Throws<NotSupportedException>(() => host.Create(PageEncoding.Lz4)).Message, StringComparison.Ordinal);
        host.RegisterLz4(() => new K4osLz4Codec());
        Assert.Null(host.WhyMissing(PageEncoding.Lz4));
        using var codec = host.Create(PageEncoding.Lz4);
        Assert.Equal("lz4 (K4os)", codec.Name);
        Assert.Contains("'apt install libzstd1'", host.WhyMissing(PageEncoding.Zstd), StringComparison.Ordinal);
        Assert.Throws<NotSupportedException>(() => host.Create(PageEncoding.Zstd));
    }

    [SkippableFact]
    public void Where_liblz4_is_there_it_goes_before_the_adapter()
    {
        NeedsCodecLibrary.Check(CodecLibraries.Lz4);
        var host = new CodecSources(CodecLibraries.Lz4, Absent("libzstd.so.1", "libzstd1"));
        host.RegisterLz4(() => throw new InvalidOperationException("The library is there."));
        using var codec = host.Create(PageEncoding.Lz4);
        Assert.StartsWith("lz4 (liblz4", codec.Name, StringComparison.Ordinal);
    }

    [Fact]
    public void An_encoding_of_a_later_version_is_refused_by_its_number()
    {
        Assert.Contains("77", PageCodecs.WhyMissing((PageEncoding)77), StringComparison.Ordinal);
        Assert.Throws<NotSupportedException>(() => PageCodecs.Create((PageEncoding)77));
    }

    [Fact]
    public void A_missing_library_is_named_with_its_package()
    {
        var library = new CodecLibrary("none", ["libdataplane-has-no-such.so.1", "libdataplane-has-no-such.so"], "libnone1", () => "1");
        Assert.False(library.IsAvailable);
        Assert.Null(library.Version);
        Assert.Equal(
            "libdataplane-has-no-such.so.1 is not on this host; on Debian and Ubuntu, 'apt install libnone1' brings it.", library.WhyMissing);
    }

    // A library of that name on a host that has it nowhere.
    private static CodecLibrary Absent(string file, string package) => new("none", [file], package, () => "1", _ => 0);

    [SkippableFact]
    public void A_library_is_found_by_the_second_name_too()
    {
        NeedsCodecLibrary.Check(CodecLibraries.Lz4);
        var library = new CodecLibrary("second", ["libdataplane-has-no-such.so.1", CodecLibraries.Lz4.FileName], "liblz4-1", () => "1");
        Assert.True(library.IsAvailable);
        Assert.Null(library.WhyMissing);
    }
}
