using System.Runtime.InteropServices;

namespace DataPlane.Linux.Codecs;

/// <summary>A compression library of the system: whether this host has it, and what brings it. Safe for any thread.</summary>
internal sealed class CodecLibrary
{
    private readonly string[] _fileNames;
    private readonly Func<string, nint> _load;
    private readonly Lazy<nint> _handle;
    private readonly Lazy<string?> _version;

    /// <param name="importName">What the imports call it.</param>
    /// <param name="fileNames">Under which names it is looked for, the first that loads wins.</param>
    /// <param name="debianPackage">The package of Debian and Ubuntu that brings it.</param>
    /// <param name="readVersion">Asks the loaded library for its version.</param>
    /// <param name="load">Loads by file name; 0 where it is missing. Null: as the system does.</param>
    internal CodecLibrary(
        string importName, string[] fileNames, string debianPackage, Func<string?> readVersion, Func<string, nint>? load = null)
    {
        ImportName = importName;
        DebianPackage = debianPackage;
        _fileNames = fileNames;
        _load = load ?? (name => NativeLibrary.TryLoad(name, out var handle) ? handle : 0);
        _handle = new(Load);
        _version = new(() => IsAvailable ? readVersion() : null);
    }

    /// <summary>What the imports call it.</summary>
    public string ImportName { get; }

    /// <summary>The file that is wanted: <c>liblz4.so.1</c>.</summary>
    public string FileName => _fileNames[0];

    /// <summary>The package of Debian and Ubuntu that brings it.</summary>
    public string DebianPackage { get; }

    /// <summary>Whether it can be used here. Looked up once in the life of the process.</summary>
    public bool IsAvailable => Handle != 0;

    /// <summary>The library's version, as <c>1.9.4</c>; null where it is missing.</summary>
    public string? Version => _version.Value;

    /// <summary>Null where it can be used; else one sentence: what is missing, and what brings it.</summary>
    public string? WhyMissing =>
        IsAvailable ? null : $"{FileName} is not on this host; on Debian and Ubuntu, 'apt install {DebianPackage}' brings it.";

    /// <summary>The loaded library, never given back; 0 where it is missing.</summary>
    internal nint Handle => _handle.Value;

    private nint Load()
    {
        foreach (var name in _fileNames)
            if (_load(name) is not 0 and var handle)
                return handle;
        return 0;
    }
}
