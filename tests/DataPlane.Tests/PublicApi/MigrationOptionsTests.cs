using DataPlane.Options;
using Xunit;

namespace DataPlane.Tests.PublicApi;

public sealed class MigrationOptionsTests
{
    [Fact]
    public void Every_fault_is_told_at_once()
    {
        var faults = new MigrationOptions { CompressThreads = 65, Channels = 0, Compression = (PageCompression)9 }.Validate();
        Assert.Equal(["Channels", "Compression", "CompressThreads"], faults.Select(fault => fault.Split(' ')[0]));
    }

    [Fact]
    public void Compressors_without_anything_to_compress_are_a_mistake()
    {
        Assert.Contains("nothing to compress", Assert.Single(new MigrationOptions { CompressThreads = 2 }.Validate()), StringComparison.Ordinal);
        Assert.Empty(new MigrationOptions { CompressThreads = 2, Compression = PageCompression.Auto }.Validate());
    }
}
