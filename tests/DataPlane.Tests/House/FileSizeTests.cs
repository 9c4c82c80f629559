using Xunit;

namespace DataPlane.Tests.House;

public sealed class FileSizeTests
{
    /// <summary>A file that grows past this has taken on a second job.</summary>
    private const int MostLines = 500;

    [Fact]
    public void No_source_file_is_over_500_lines()
    {
        var tooLong = Repository.Files("*.cs").Concat(Repository.Files("*.c")).Concat(Repository.Files("*.h"))
            .Select(file => (Name: Repository.Relative(file), Lines: File.ReadLines(file).Count()))
            .Where(file => file.Lines > MostLines);
        Assert.Empty(tooLong);
    }
}
