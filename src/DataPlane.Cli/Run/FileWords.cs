namespace DataPlane.Cli.Run;

/// <summary>Why a file cannot be opened, for people: the kernel says of a folder only that access to it is denied.</summary>
internal static class FileWords
{
    public static string Of(string path, Exception fault) => fault switch
    {
        _ when Directory.Exists(path) => "it is a directory",
        FileNotFoundException => "there is no such file",
        DirectoryNotFoundException => "its folder is not there",
        UnauthorizedAccessException => "this user may not",
        _ => fault.Message.ReplaceLineEndings(" ").TrimEnd('.'),
    };
}
