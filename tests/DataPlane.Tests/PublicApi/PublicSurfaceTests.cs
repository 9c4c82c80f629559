using System.Reflection;
using DataPlane.Tests.House;
using Xunit;

namespace DataPlane.Tests.PublicApi;

/// <summary>
/// What embedders may rely on changes on purpose or not at all. Where a change is meant: <c>DATAPLANE_API=write tests/run --filter FullyQualifiedName~PublicSurface</c>, and
/// a look at what it did to the approved file.
/// </summary>
public class PublicSurfaceTests
{
    private static readonly string Approved = Path.Combine(Repository.Root, "tests", "DataPlane.Tests", "PublicApi", "PublicApi.approved.txt");

    [Fact]
    public void Public_surface_is_the_approved_one()
    {
        string[] layers = ["DataPlane", "DataPlane.Control", "DataPlane.Core", "DataPlane.Linux", "DataPlane.Tools", "DataPlane.Transport"];
        var surface = PublicSurface.Of(layers.Select(Assembly.Load));
        if (Environment.GetEnvironmentVariable("DATAPLANE_API") == "write") File.WriteAllText(Approved, surface);
        var (approved, now) = (File.ReadAllLines(Approved), surface.Split('\n', StringSplitOptions.None)[..^1]);
        var (gone, come) = (approved.Except(now).ToArray(), now.Except(approved).ToArray());
        Assert.True(gone.Length == 0 && come.Length == 0, $"Gone: {string.Join(" | ", gone)}; come: {string.Join(" | ", come)}");
        Assert.Equal(approved, now);
    }
}
