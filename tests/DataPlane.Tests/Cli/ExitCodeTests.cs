using DataPlane.Cli.Run;
using DataPlane.Core.Errors;
using DataPlane.Options;
using DataPlane.Results;
using Xunit;

namespace DataPlane.Tests.Cli;

public sealed class ExitCodeTests
{
    [Theory]
    [InlineData(MigrationErrorCode.Cancelled, 1)]
    [InlineData(MigrationErrorCode.CannotConnect, 3)]
    [InlineData(MigrationErrorCode.Timeout, 1)]
    [InlineData(MigrationErrorCode.ConnectionLost, 1)]
    [InlineData(MigrationErrorCode.ProtocolViolation, 5)]
    [InlineData(MigrationErrorCode.VersionMismatch, 1)]
    [InlineData(MigrationErrorCode.LayoutMismatch, 1)]
    [InlineData(MigrationErrorCode.Refused, 1)]
    [InlineData(MigrationErrorCode.HostFailed, 1)]
    [InlineData(MigrationErrorCode.NotConverging, 1)]
    [InlineData(MigrationErrorCode.VerifyMismatch, 7)]
    [InlineData(MigrationErrorCode.OwnershipUncertain, 8)]
    [InlineData(MigrationErrorCode.OutOfResources, 9)]
    [InlineData(MigrationErrorCode.Internal, 1)]
    public void Failure_has_the_code_of_its_error(MigrationErrorCode code, int exit)
    {
        Assert.Equal(exit, ExitCodes.Of(Failed(code), interrupted: false));
    }

    [Fact]
    public void Interrupt_counts_only_where_the_guest_was_not_given_away()
    {
        var cancelled = new MigrationResult { Status = MigrationStatus.Cancelled, Error = Failed(MigrationErrorCode.Cancelled).Error };
        Assert.Equal(130, ExitCodes.Of(cancelled, interrupted: true));
        Assert.Equal(1, ExitCodes.Of(cancelled, interrupted: false));
        Assert.Equal(130, ExitCodes.Of(Failed(MigrationErrorCode.Cancelled), interrupted: true));
        Assert.Equal(0, ExitCodes.Of(new MigrationResult { Status = MigrationStatus.Completed }, interrupted: true));
        Assert.Equal(8, ExitCodes.Of(new MigrationResult { Status = MigrationStatus.Uncertain }, interrupted: true));
    }

    [Fact]
    public void Completed_is_told_from_completed_over_the_limit()
    {
        Assert.Equal(0, ExitCodes.Of(new MigrationResult { Status = MigrationStatus.Completed }, interrupted: false));
        Assert.Equal(10, ExitCodes.Of(new MigrationResult { Status = MigrationStatus.Completed, LimitExceededUs = 1 }, interrupted: false));
    }

    [Fact]
    public void Different_memory_outweighs_everything()
    {
        var result = Failed(MigrationErrorCode.ConnectionLost) with { Verify = new VerifyReport(VerifyMode.Full, 10, 1) };
        Assert.Equal(7, ExitCodes.Of(result, interrupted: true));
    }

    private static MigrationResult Failed(MigrationErrorCode code) => new()
    {
        Status = MigrationStatus.Failed,
        Error = new ErrorReport(code, (int)code, MigrationSide.Source, "step", "Message.", null),
    };
}
