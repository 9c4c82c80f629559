using System.Text.RegularExpressions;
using DataPlane.Core.Wire;
using DataPlane.Tests.House;
using Xunit;

namespace DataPlane.Tests.Core.Wire;

public sealed partial class ControlMessageNamesTests
{
    [Fact]
    public void Messages_are_told_by_the_names_of_the_protocol()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "src/DataPlane.Core/Wire/WIRE.md")) + File.ReadAllText(Path.Combine(Repository.Root, "src/DataPlane.Tools/Link/LINK.md"));
        var names = Row().Matches(page).ToDictionary(row => (ControlMessageType)ushort.Parse(row.Groups[1].Value), row => row.Groups[2].Value);
        foreach (var type in Enum.GetValues<ControlMessageType>().Where(type => type != ControlMessageType.Invalid)) Assert.Equal(names[type], type.Name());
    }

    [Fact]
    public void Message_without_a_name_is_told_by_its_number() => Assert.Equal("999", ((ControlMessageType)999).Name());

    [GeneratedRegex(@"^\| (\d+) \| ([A-Z]+(?:-[A-Z]+)*) \| [SDC]", RegexOptions.Multiline)]
    private static partial Regex Row();
}
