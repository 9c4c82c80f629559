using System.Text;
using DataPlane.Cli.Run;
using DataPlane.Results;

namespace DataPlane.Cli.Output;

/// <summary>
/// Where the result document goes. The file is opened before anything else happens, so that a path that cannot be written is known
/// before a guest has been moved; what it held is kept until there is a result. Several results follow each other.
/// </summary>
internal sealed class JsonOutput : IDisposable
{
    private readonly TextWriter? _standardOutput;
    private readonly FileStream? _file;

    /// <summary>Throws <see cref="UsageException"/> where the file cannot be written.</summary>
    public JsonOutput(string? path, TextWriter standardOutput)
    {
        TakesStandardOutput = path == "-";
        if (TakesStandardOutput) _standardOutput = standardOutput;
        else if (path is not null) _file = Open(path);
    }

    /// <summary>Whether standard output belongs to the document, so that nothing else may be written there.</summary>
    public bool TakesStandardOutput { get; }

    /// <summary>Has the file, where it is one, hold what is known by now, until the next result replaces it.</summary>
    public void WriteSoFar(MigrationResult result, Action<string> say)
    {
        if (_file is not { CanSeek: true, Position: 0 }) return;
        if (TryWrite(result, say)) _file.Position = 0;
    }

    public bool TryWrite(MigrationResult result, Action<string> say) => TryWrite(result.ToJson(), say);

    /// <summary>Writes a document. False where the file would not take it, which is told to <paramref name="say"/>: what the document says is no less true.</summary>
    public bool TryWrite(string document, Action<string> say)
    {
        _standardOutput?.WriteLine(document);
        _standardOutput?.Flush();
        try
        {
            // A device has no length to cut, and refuses it.
            if (_file is { CanSeek: true, Position: 0, Length: > 0 }) _file.SetLength(0);
            _file?.Write(Encoding.UTF8.GetBytes(document + "\n"));
            return true;
        }
        catch (IOException fault)
        {
            say($"--json '{_file!.Name}': the document could not be written ({FileWords.Of(_file.Name, fault)})");
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--json '{path}': expected a FILE that can be written, or - for standard output ({FileWords.Of(path, fault)})");
        }
    }
}
