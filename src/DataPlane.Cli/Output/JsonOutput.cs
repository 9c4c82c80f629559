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
    private readonly TextWriter? _writer;
    private readonly FileStream? _file;

    /// <summary>Throws <see cref="UsageException"/> where the file cannot be written.</summary>
    public JsonOutput(string? path, TextWriter standardOutput)
    {
        TakesStandardOutput = path == "-";
        if (TakesStandardOutput)
        {
            _writer = standardOutput;
        }
        else if (path is not null)
        {
            _file = Open(path);
            _writer = new StreamWriter(_file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        }
    }

    /// <summary>Whether standard output belongs to the document, so that nothing else may be written there.</summary>
    public bool TakesStandardOutput { get; }

    public void Write(MigrationResult result) => Write(result.ToJson());

    /// <summary>Has the file, where it is one, hold what is known by now, until the next result replaces it.</summary>
    public void WriteSoFar(MigrationResult result)
    {
        if (_file is not { CanSeek: true, Position: 0 }) return;
        Write(result);
        _file.Position = 0;
    }

    /// <summary>Writes a document of another kind.</summary>
    public void Write(string document)
    {
        if (_file is { CanSeek: true, Position: 0 }) _file.SetLength(0);
        _writer?.WriteLine(document);
        _writer?.Flush();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_file is not null) _writer?.Dispose();
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--json '{path}': expected a FILE that can be written, or - for standard output ({FileWords.Of(path, fault)})");
        }
    }
}
