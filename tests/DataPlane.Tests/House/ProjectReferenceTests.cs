using Xunit;

namespace DataPlane.Tests.House;

/// <summary>References point only down. A project that is not in the table has no place in the house yet.</summary>
public sealed class ProjectReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["DataPlane.Core"] = [],
        ["DataPlane.Control"] = ["DataPlane.Core"],
        ["DataPlane.Linux"] = ["DataPlane.Core"],
        ["DataPlane.Lz4Reference"] = [],
        ["DataPlane.Codecs.K4os"] = ["DataPlane.Linux", "DataPlane.Core", "DataPlane.Lz4Reference"],
        ["DataPlane.Transport"] = ["DataPlane.Linux", "DataPlane.Core"],
        ["DataPlane"] = ["DataPlane.Transport", "DataPlane.Control", "DataPlane.Linux", "DataPlane.Core"],
        ["DataPlane.Guests"] = ["DataPlane", "DataPlane.Linux", "DataPlane.Core"],
        ["DataPlane.Native"] = ["DataPlane", "DataPlane.Linux", "DataPlane.Core"],
        ["DataPlane.Tools"] = ["DataPlane", "DataPlane.Transport", "DataPlane.Linux", "DataPlane.Core"],
        ["DataPlane.Cli"] = ["DataPlane.Tools", "DataPlane.Guests", "DataPlane", "DataPlane.Codecs.K4os"],
        ["DataPlane.Peer"] = ["DataPlane.Guests", "DataPlane"],
        ["DataPlane.Bench"] =
            ["DataPlane.Cli", "DataPlane.Tools", "DataPlane.Guests", "DataPlane", "DataPlane.Transport", "DataPlane.Control", "DataPlane.Linux", "DataPlane.Core"],
        ["DataPlane.Fuzz"] = ["DataPlane", "DataPlane.Transport", "DataPlane.Control", "DataPlane.Linux", "DataPlane.Core"],
        ["DataPlane.Tests"] =
        [
            "DataPlane.Cli", "DataPlane.Tools", "DataPlane.Guests", "DataPlane", "DataPlane.Transport", "DataPlane.Control", "DataPlane.Codecs.K4os", "DataPlane.Linux",
            "DataPlane.Core", "DataPlane.Peer", "DataPlane.Native",
        ],
    };

    public static TheoryData<string> Projects => [.. Repository.Projects.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_refers_only_to_what_lies_below_it(string project)
    {
        Assert.True(Allowed.ContainsKey(project), $"{project} is not in the table of allowed references: give it a place there.");
        var faults = Repository.ReferencesOf(Repository.Projects[project]).Except(Allowed[project]);
        Assert.True(!faults.Any(), $"{project} must not refer to {string.Join(", ", faults)}.");
    }

    [Fact]
    public void The_table_itself_has_no_circle()
    {
        var placed = new HashSet<string>(StringComparer.Ordinal);
        while (placed.Count < Allowed.Count)
        {
            var next = Allowed.Where(row => !placed.Contains(row.Key) && row.Value.All(placed.Contains)).Select(row => row.Key).ToArray();
            Assert.True(next.Length > 0, $"A circle among: {string.Join(", ", Allowed.Keys.Except(placed))}.");
            placed.UnionWith(next);
        }
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_project_is_part_of_the_solution(string project)
    {
        var path = Repository.Relative(Repository.Projects[project]).Replace('/', '\\');
        Assert.Contains($"\"{path}\"", File.ReadAllText(Path.Combine(Repository.Root, "DataPlane.sln")), StringComparison.Ordinal);
    }
}
