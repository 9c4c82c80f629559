using System.Diagnostics;
using Xunit;

namespace DataPlane.Tests.Linux.Journal;

/// <summary>A file system of its own with little room, which only root can mount.</summary>
internal sealed class SmallDisk : IDisposable
{
    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    public static SmallDisk Mount(string path)
    {
        _ = Directory.CreateDirectory(path);
        Skip.If(Run("mount", "-t", "tmpfs", "-o", "size=64k,mode=700", "none", path) != 0, "mount: a small file system can not be mounted here (needs root).");
        return new SmallDisk(path);
    }

    /// <summary>Writes until nothing goes in any more.</summary>
    public void Fill()
    {
        using var file = File.Create(System.IO.Path.Combine(Path, "filler"), bufferSize: 0);
        var block = new byte[4096];
        var full = Record.Exception(() =>
        {
            for (var i = 0; i < 1000; i++) file.Write(block);
        });
        Assert.IsType<IOException>(full);
    }

    public void Dispose() => _ = Run("umount", Path);

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
