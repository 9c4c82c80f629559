using System.Globalization;
using DataPlane.Core.Errors;
using DataPlane.Host;
using DataPlane.Linux.Journal;

namespace DataPlane.Handover;

/// <summary>
/// An arbiter in a folder that both hosts share: a verdict is a file that is written once, by <c>link(2)</c>, which one of all who try
/// does. Nothing in the folder is ever changed or expires; files of guests that are long settled may be deleted by hand. Any thread.
/// </summary>
public sealed class FileArbiter : IOwnershipArbiter
{
    private const string IdFile = "arbiter-id";

    private readonly string _folder;

    /// <summary>For the arbiter that <see cref="Create"/> made in <paramref name="folder"/>.</summary>
    /// <exception cref="IOException">There is none: a share that is not mounted must not pass for an empty one.</exception>
    public FileArbiter(string folder)
    {
        _folder = Path.GetFullPath(folder);
        Id = Directory.Exists(_folder) && WriteOnceFile.TryRead(Path.Combine(_folder, IdFile)) is { Length: > 0 } id
            ? "file:" + id
            : throw new IOException($"'{folder}' holds no arbiter (no file '{IdFile}'). Is the share mounted? 'dataplane handover arbiter' makes one, once.");
    }

    /// <summary>Names the arbiter by what stands in its folder, so that two folders that are not one are told apart.</summary>
    public string Id { get; }

    /// <summary>Makes an arbiter of an existing folder. Once made it stays the same one.</summary>
    /// <exception cref="IOException">The folder is missing or can not be written.</exception>
    public static FileArbiter Create(string folder)
    {
        if (!Directory.Exists(folder)) throw new IOException($"There is no folder '{folder}' to keep verdicts in.");
        _ = WriteOnceFile.Write(Path.Combine(folder, IdFile), Guid.NewGuid().ToString("N"), flush: true);
        return new FileArbiter(folder);
    }

    /// <inheritdoc/>
    public ValueTask<MigrationSide> DecideAsync(OwnershipClaim claim, CancellationToken cancel) =>
        new(Task.Run(() => Decide(claim), cancel).WaitAsync(cancel)); // A share that hangs must not hang its caller.

    private MigrationSide Decide(OwnershipClaim claim)
    {
        var path = Path.Combine(
            _folder, string.Create(CultureInfo.InvariantCulture, $"{claim.Image:N}-{claim.Attempt}-{claim.Turn}.verdict"));
        return WriteOnceFile.Write(path, Word(claim.Claimant), flush: true) switch
        {
            "source" => MigrationSide.Source,
            "destination" => MigrationSide.Destination,
            _ => throw new IOException($"'{path}' holds no verdict."),
        };
    }

    private static string Word(MigrationSide side) => side == MigrationSide.Source ? "source" : "destination";
}
