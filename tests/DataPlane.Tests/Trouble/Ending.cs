using DataPlane.Core.Errors;
using DataPlane.Results;

namespace DataPlane.Tests.Trouble;

/// <summary>Where the guest is to run afterwards.</summary>
internal enum Runs
{
    Source,
    Destination,
    Nowhere,
}

/// <summary>How a case is to end.</summary>
/// <param name="Source">The source's status.</param>
/// <param name="Destination">The destination's status; null where it goes on waiting for a source.</param>
/// <param name="Code">The code of the source's error.</param>
/// <param name="Guest">Where the guest runs: on one side, or on none where an operator has to say so.</param>
internal sealed record Ending(MigrationStatus Source, MigrationStatus? Destination, MigrationErrorCode? Code, Runs Guest)
{
    public static readonly Ending Completed = new(MigrationStatus.Completed, MigrationStatus.Completed, null, Runs.Destination);

    /// <summary>Who may have found it; null: either.</summary>
    public MigrationSide? Side { get; init; }

    /// <summary>Other steps than the moment's.</summary>
    public IReadOnlyList<string>? Steps { get; init; }

    /// <summary>What the source's error says, in its own words or the peer's.</summary>
    public IReadOnlyList<string> Says { get; init; } = [];

    /// <summary>The code of the destination's error; null: not looked at.</summary>
    public MigrationErrorCode? DestinationCode { get; init; }

    public static Ending Failed(MigrationErrorCode code, MigrationSide? side = null) => new(MigrationStatus.Failed, MigrationStatus.Failed, code, Runs.Source) { Side = side };

    public static Ending Lost(MigrationSide? side = null) => Failed(MigrationErrorCode.ConnectionLost, side);

    /// <summary>The destination notices by itself, too.</summary>
    public static Ending TimedOut(MigrationSide? side = MigrationSide.Source) => Failed(MigrationErrorCode.Timeout, side);

    public static Ending Cancelled(MigrationSide side) => new(MigrationStatus.Cancelled, MigrationStatus.Cancelled, MigrationErrorCode.Cancelled, Runs.Source) { Side = side };

    /// <summary>The source has given the guest away and does not hear that it runs; it does, or it runs nowhere.</summary>
    public static Ending Uncertain(bool runs, MigrationSide? side = MigrationSide.Source) => new(
        MigrationStatus.Uncertain, runs ? MigrationStatus.Completed : MigrationStatus.Uncertain, MigrationErrorCode.OwnershipUncertain,
        runs ? Runs.Destination : Runs.Nowhere) { Side = side };

    /// <summary>The destination refused a connection and waits for the next, which it then takes.</summary>
    public Ending AndWaits() => this with { Destination = null };

    public Ending In(params string[] steps) => this with { Steps = steps };

    /// <summary>As the table says it.</summary>
    public string Text(Moment when)
    {
        var guest = Guest switch
        {
            Runs.Source => "guest on the source",
            Runs.Destination => "guest on the destination",
            _ when Code == MigrationErrorCode.GuestLost => "guest runs nowhere",
            _ => "guest paused on the source",
        };
        if (Source == MigrationStatus.Completed) return "completed; " + guest;
        var side = Side is { } known ? Name(known) : "either side";
        var code = Code == MigrationErrorCode.Cancelled ? "" : $" {Hyphened($"{Code}")},";
        return $"{Name(Source)}:{code} {side}, step {string.Join(" or ", Steps ?? when.Steps)}; {guest}{(Destination is null ? "; destination goes on waiting" : Destination == MigrationStatus.Uncertain ? "; destination prepared" : "")}";
    }

    private static string Name<T>(T value) => $"{value}".ToLowerInvariant();

    private static string Hyphened(string name) =>
        string.Concat(name.Select((letter, at) => char.IsUpper(letter) && at > 0 ? $"-{char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"));
}
