using System.Text;
using DataPlane.Tests.House;
using Xunit;

namespace DataPlane.Tests.Trouble;

/// <summary>The table in tests/README.md, written from the cases.</summary>
internal static class TroubleReadme
{
    private const string Start = "<!-- trouble: written from the cases, see above -->\n", End = "<!-- end of trouble -->\n";

    private static readonly string _path = Path.Combine(Repository.Root, "tests", "README.md");

    /// <summary>Fails when the table is another than the cases; rewrites it instead where DATAPLANE_TROUBLE is <c>write</c>.</summary>
    public static void AssertUpToDate()
    {
        var page = File.ReadAllText(_path);
        var from = page.IndexOf(Start, StringComparison.Ordinal) + Start.Length;
        var to = page.IndexOf(End, StringComparison.Ordinal);
        Assert.True(from >= Start.Length && to >= from, "The table's place in tests/README.md is not marked.");
        var table = Table();
        if (TroubleLots.Asked == "write") File.WriteAllText(_path, page[..from] + table + page[to..]);
        else Assert.True(page[from..to] == table, "The table is another than the cases: DATAPLANE_TROUBLE=write tests/run --filter FullyQualifiedName~Table_in_the_readme");
    }

    private static string Table()
    {
        var table = new StringBuilder("| | what breaks | where | when | ends within | outcome |\n|---|---|---|---|---|---|\n");
        foreach (var @case in TroubleTable.Cases)
            table.Append($"| {@case.Number}{(@case.Long ? "*" : "")} | {@case.What} | {@case.Where} | {@case.When.Name} | {@case.Bound.Name} | {@case.Ends.Text(@case.When)} |\n");
        return table.ToString();
    }
}
