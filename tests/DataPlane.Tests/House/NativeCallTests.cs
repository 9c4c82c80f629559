using System.Text.RegularExpressions;
using Xunit;

namespace DataPlane.Tests.House;

/// <summary>Native calls live in one project, declared in one way, so that there is one place to check them.</summary>
public sealed partial class NativeCallTests
{
    /// <summary>What the tests are built with; the sources of the rest are read below.</summary>
    public static TheoryData<string> OtherAssemblies =>
        [.. Repository.Projects.Keys.Where(name => name != "DataPlane.Linux" && AssemblyMetadata.Exists(name))];

    [Theory]
    [MemberData(nameof(OtherAssemblies))]
    public void Only_DataPlane_Linux_calls_native_code(string assembly)
    {
        using var metadata = new AssemblyMetadata(assembly);
        Assert.Empty(metadata.NativeMethods);
    }

    [Fact]
    public void The_check_sees_native_methods()
    {
        using var metadata = new AssemblyMetadata("DataPlane.Linux");
        Assert.NotEmpty(metadata.NativeMethods);
    }

    [Fact]
    public void Only_DataPlane_Linux_declares_imports_and_only_by_LibraryImport()
    {
        var inLinux = $"src{Path.DirectorySeparatorChar}DataPlane.Linux{Path.DirectorySeparatorChar}";
        var faults = from file in Repository.Files("*.cs")
                     from Match import in Import().Matches(File.ReadAllText(file))
                     let name = Repository.Relative(file)
                     where import.Groups[1].Value == "DllImport" || !name.StartsWith(inLinux, StringComparison.Ordinal)
                     select $"{name}: {import.Groups[1].Value}";
        Assert.Empty(faults);
    }

    [GeneratedRegex(@"^\s*\[.*\b(LibraryImport|DllImport)\(", RegexOptions.Multiline)]
    private static partial Regex Import();
}
