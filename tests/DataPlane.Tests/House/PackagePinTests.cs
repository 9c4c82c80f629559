using System.Xml.Linq;
using Xunit;

namespace DataPlane.Tests.House;

public sealed class PackagePinTests
{
    [Theory]
    [InlineData("System.IO.Pipelines")]
    [InlineData("System.Threading.Channels")]
    [InlineData("K4os.Compression.LZ4")]
    [InlineData("Microsoft.Extensions.ObjectPool")]
    [InlineData("BenchmarkDotNet")]
    public void A_package_the_house_is_built_on_is_pinned_with_its_reason(string package)
    {
        var pin = Assert.Single(Pins(), pin => pin.Attribute("Include")?.Value == package);
        Assert.False(string.IsNullOrWhiteSpace(pin.Attribute("Version")?.Value));
        var reason = pin.NodesBeforeSelf().LastOrDefault(node => node is not XText) as XComment;
        Assert.True(reason is { Value.Length: > 20 }, $"The pin of {package} has no comment before it that says why.");
    }

    [Fact]
    public void Versions_stand_in_one_place()
    {
        var faults = from project in Repository.Projects.Values
                     from reference in XDocument.Load(project).Descendants("PackageReference")
                     where reference.Attribute("Version") is not null || reference.Attribute("VersionOverride") is not null
                     select $"{Repository.Relative(project)}: {reference.Attribute("Include")?.Value}";
        Assert.Empty(faults);
    }

    [Fact]
    public void Every_package_in_use_is_pinned()
    {
        var pinned = Pins().Select(pin => pin.Attribute("Include")!.Value).ToHashSet(StringComparer.Ordinal);
        var used = Repository.Projects.Values.SelectMany(project => XDocument.Load(project).Descendants("PackageReference"))
            .Select(reference => reference.Attribute("Include")!.Value);
        Assert.Empty(used.Except(pinned));
    }

    private static IEnumerable<XElement> Pins() =>
        XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props")).Descendants("PackageVersion");
}
