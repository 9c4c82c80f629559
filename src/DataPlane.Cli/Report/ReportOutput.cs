using System.Text;
using DataPlane.Cli.Run;
using DataPlane.Results;

namespace DataPlane.Cli.Report;

/// <summary>
/// Where <c>--report</c> goes. Opened before anything else happens, so that a path that cannot be written is known before a guest has been
/// moved; what it held is kept until there is a result. With several results the page holds all of them so far.
/// </summary>
internal sealed class ReportOutput : IDisposable
{
    private readonly FileStream? _file;
    private readonly List<MigrationResult> _results = [];

    /// <summary>Throws <see cref="UsageException"/> where the file cannot be written. Null: no report is asked for.</summary>
    public ReportOutput(string? path)
    {
        if (path is not null) _file = Open("--report", path);
    }

    /// <summary>Writes the page with <paramref name="result"/> in it. False where that failed, which is told to <paramref name="say"/>.</summary>
    public bool TryWrite(MigrationResult result, Action<string> say)
    {
        if (_file is null) return true;
        _results.Add(result);
        return TryWrite([.. _results.Select((one, i) => new ReportDocument(_results.Count == 1 ? "one migration" : $"migration {i + 1}", one, one.ToJson()))], say);
    }

    /// <summary>The same with all documents that are to be in it.</summary>
    public bool TryWrite(IReadOnlyList<ReportDocument> documents, Action<string> say)
    {
        if (_file is null) return true;
        try
        {
            Replace(_file, ReportPage.Of(documents));
            return true;
        }
        catch (IOException fault)
        {
            say($"--report '{_file.Name}': the page could not be written ({fault.Message})");
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    /// <summary>Opens a file for a page, keeping what it holds.</summary>
    public static FileStream Open(string what, string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"{what} '{path}': expected a FILE.html that can be written ({FileWords.Of(path, fault)})");
        }
    }

    public static void Replace(FileStream file, string page)
    {
        if (file is { CanSeek: true, Length: > 0 }) file.SetLength(0); // A device has no length to cut, and refuses it.
        if (file.CanSeek) file.Position = 0;
        file.Write(Encoding.UTF8.GetBytes(page));
        file.Flush();
    }
}
