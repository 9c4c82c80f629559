namespace DataPlane.Bench.Tools;

/// <summary>The program `dataplane`, built beside the bench.</summary>
internal static class BuiltProgram
{
    public static string Path => System.IO.Path.Combine(Repository, "artifacts", "bin", "DataPlane.Cli", "release", "dataplane");

    public static string Repository
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "DataPlane.sln"))) folder = folder.Parent;
            return folder?.FullName ?? throw new InvalidOperationException("The bench has to run inside the repository: it starts the program built there.");
        }
    }
}
