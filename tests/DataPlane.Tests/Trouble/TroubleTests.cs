using DataPlane.Tests.Kit;
using Xunit;
using Xunit.Abstractions;

namespace DataPlane.Tests.Trouble;

/// <summary>Every trouble of the table ends as the table says, by its bound.</summary>
[Collection("machine")]
public sealed class TroubleTests(ITestOutputHelper output)
{
    public static TheoryData<int, string> Cases
    {
        get
        {
            var data = new TheoryData<int, string>();
            foreach (var number in TroubleLots.Numbers) data.Add(number, TroubleTable.Cases[number - 1].ToString());
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Trouble_ends_as_the_table_says(int number, string what)
    {
        await TroubleLots.AssertPassesAsync(number);
        lock (TroubleLots.Took) output.WriteLine($"{what}: {TroubleLots.Took[number].TotalMilliseconds:0.0} ms of {TroubleTable.Cases[number - 1].Bound.Name}");
    }

    [Fact]
    public void Table_has_150_cases_that_differ()
    {
        Assert.True(TroubleTable.Cases.Count >= 150);
        Assert.Distinct(TroubleTable.Cases.Select(@case => (@case.What, @case.Where, @case.When.Name)));
    }
}
