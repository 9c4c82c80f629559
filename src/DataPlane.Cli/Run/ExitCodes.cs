using DataPlane.Core.Errors;
using DataPlane.Results;

namespace DataPlane.Cli.Run;

/// <summary>The program's exit codes and the one place that picks them, the same whatever is written where.</summary>
internal static class ExitCodes
{
    public const int Completed = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int CannotConnect = 3;
    public const int CorruptStream = 5;
    public const int LimitMissed = 6;
    public const int DifferentMemory = 7;
    public const int Uncertain = 8;
    public const int LackOfResources = 9;
    public const int OverTheLimit = 10;
    public const int Interrupted = 130;

    /// <summary>The code for <paramref name="result"/>. An interrupt counts only where the guest was not given away because of it.</summary>
    public static int Of(MigrationResult result, bool interrupted) => result switch
    {
        { Verify.Mismatched: > 0 } => DifferentMemory,
        { Status: MigrationStatus.Completed, LimitExceededUs: > 0 } => OverTheLimit,
        { Status: MigrationStatus.Completed } => Completed,
        { Status: MigrationStatus.Uncertain } => Uncertain,
        { Status: MigrationStatus.Cancelled } or { Error: null } => interrupted ? Interrupted : Failed,
        _ => Of(result.Error.Code, interrupted),
    };

    /// <summary>The code for what ended something.</summary>
    public static int Of(MigrationErrorCode error, bool interrupted) => error switch
    {
        MigrationErrorCode.Cancelled => interrupted ? Interrupted : Failed,
        MigrationErrorCode.CannotConnect => CannotConnect,
        MigrationErrorCode.ProtocolViolation => CorruptStream,
        MigrationErrorCode.LimitMissed => LimitMissed,
        MigrationErrorCode.VerifyMismatch => DifferentMemory,
        MigrationErrorCode.OwnershipUncertain or MigrationErrorCode.GuestLost => Uncertain, // Nobody runs it: an operator must act.
        MigrationErrorCode.OutOfResources => LackOfResources,
        _ => Failed,
    };
}
