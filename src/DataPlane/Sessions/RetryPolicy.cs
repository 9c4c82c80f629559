using DataPlane.Core.Errors;

namespace DataPlane.Sessions;

/// <summary>
/// After which failures another attempt may do better. Both sides ask, so that a destination keeps what it has only for a source that will
/// come back for it.
/// </summary>
internal static class RetryPolicy
{
    /// <summary>What came and went on the way, in a device or in time. Not: what nobody can mend by trying again, and what somebody decided.</summary>
    public static bool IsWorthwhile(MigrationErrorCode code) => code is
        MigrationErrorCode.LimitMissed or MigrationErrorCode.ConnectionLost or MigrationErrorCode.Timeout or MigrationErrorCode.HostFailed
        or MigrationErrorCode.ProtocolViolation;

    /// <summary>What a source that is to come back may meet for a while: a destination that is not through with the attempt before, or a dead link.</summary>
    public static bool IsWaitedOut(MigrationErrorCode code) => code is
        MigrationErrorCode.CannotConnect or MigrationErrorCode.Refused or MigrationErrorCode.ConnectionLost or MigrationErrorCode.Timeout
        or MigrationErrorCode.ProtocolViolation;
}
