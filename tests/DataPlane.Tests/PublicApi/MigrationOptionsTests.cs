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

    [Fact]
    public void Names_and_cores_of_threads_are_checked_on_both_sides()
    {
        string[] prefixes = ["", "eight888", "with space", "ümlaut"];
        Assert.All(prefixes, prefix => Assert.Contains("thread prefix", Assert.Single(new MigrationOptions { ThreadPrefix = prefix }.Validate()), StringComparison.Ordinal));
        Assert.All(prefixes, prefix => Assert.Contains("thread prefix", Assert.Single(new MigrationDestinationOptions { ThreadPrefix = prefix }.Validate()), StringComparison.Ordinal));
        Assert.Equal(2, new MigrationOptions { ChannelCores = [-1, 0, 1024] }.Validate().Count);
        Assert.Equal(2, new MigrationDestinationOptions { ChannelCores = [-1, 0, 1024] }.Validate().Count);
        Assert.Empty(new MigrationOptions { ThreadPrefix = "seven77", ChannelCores = [0, 1023] }.Validate());
    }
}
