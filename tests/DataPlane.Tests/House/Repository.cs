using System.Xml.Linq;

namespace DataPlane.Tests.House;

/// <summary>The files of the repository this test assembly was built from.</summary>
internal static class Repository
{
    private static readonly string[] CodeFolders = ["src", "tests", "bench", "interop"];

    public static string Root { get; } = FindRoot();

    /// <summary>Every project of the repository by its name.</summary>
    public static IReadOnlyDictionary<string, string> Projects { get; } =
        Files("*.csproj").ToDictionary(file => Path.GetFileNameWithoutExtension(file)!, StringComparer.Ordinal);

    /// <summary>Files in the folders that hold code, without what a build made.</summary>
    public static IEnumerable<string> Files(string pattern) =>
        CodeFolders
            .Select(folder => Path.Combine(Root, folder))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories))
            .Where(file => !IsBuilt(Path.GetRelativePath(Root, file)));

    public static string Relative(string file) => Path.GetRelativePath(Root, file);

    public static IEnumerable<string> ReferencesOf(string project) =>
        XDocument.Load(project).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));

    private static bool IsBuilt(string relative) =>
        relative.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "artifacts");

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, "DataPlane.sln")))
                return folder;
        throw new InvalidOperationException($"No DataPlane.sln above {AppContext.BaseDirectory}.");
    }
}
