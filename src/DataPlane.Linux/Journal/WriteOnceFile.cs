using System.Runtime.InteropServices;
using System.Text;

namespace DataPlane.Linux.Journal;

/// <summary>
/// A file that is written whole or not at all, and once: of several who write it, on one host or on many that share the folder, one wins
/// and all read what that one wrote. <c>link(2)</c> decides, which fails for a name that exists; a rename would replace it.
/// </summary>
internal static class WriteOnceFile
{
    /// <summary>Nobody's text is longer; what is longer is no file of ours.</summary>
    private const int MostBytes = 256;

    /// <summary>Writes <paramref name="text"/> unless the file is there. Returns what stands there now.</summary>
    /// <exception cref="IOException">It can not be told what stands there: it may have been written.</exception>
    public static string Write(string path, string text, bool flush)
    {
        if (TryRead(path) is { } earlier) return earlier;
        var draft = $"{path}.{Guid.NewGuid():N}";
        try
        {
            using (var file = File.OpenHandle(draft, FileMode.CreateNew, FileAccess.Write))
            {
                RandomAccess.Write(file, Encoding.UTF8.GetBytes(text), 0);
                if (flush) RandomAccess.FlushToDisk(file);
            }
            // NFS may report a link that it made as failed: what counts is what stands there afterwards.
            var made = JournalNative.Link(draft, path) == 0;
            var error = made ? 0 : Marshal.GetLastPInvokeError();
            if (flush) JournalFolder.Flush(Path.GetDirectoryName(Path.GetFullPath(path))!);
            return TryRead(path) ?? throw new LinuxException("link", error, $"'{path}' could not be written.");
        }
        finally
        {
            File.Delete(draft);
        }
    }

    /// <summary>What stands there; null where nothing does.</summary>
    public static string? TryRead(string path)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[MostBytes];
            return Encoding.UTF8.GetString(bytes.AsSpan(0, RandomAccess.Read(file, bytes, 0)));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}
