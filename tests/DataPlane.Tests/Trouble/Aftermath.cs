using DataPlane.Cli.Run;
using DataPlane.Core.Errors;
using DataPlane.Results;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Trouble;

/// <summary>What has to hold when both sessions have ended, whatever broke.</summary>
internal sealed class Aftermath(TroubleCase @case, TroubleScene scene)
{
    private readonly Ending _ends = @case.Ends;

    /// <summary>Where the guest runs now: where the first try left it, or where a second took it.</summary>
    public Runs Guest => _ends.Destination is null ? Runs.Destination : _ends.Guest;

    public void Check()
    {
        var facts = $"source: {scene.Sent.Status}, {scene.Sent.Error}; destination: {scene.Received.Status}, {scene.Received.Error}";
        Assert.True(_ends.Source == scene.Sent.Status, facts);
        Assert.True((_ends.Destination ?? MigrationStatus.Completed) == scene.Received.Status, $"{facts}; {scene.Again?.Error}");
        CheckError(facts);
        Assert.Equal(_ends.Destination is null, scene.Again?.Status == MigrationStatus.Completed);
        Assert.True(scene.Source.IsRunning == (Guest == Runs.Source), facts);
        Assert.True(scene.Destination.IsRunning == (Guest == Runs.Destination), facts);
        Assert.False(scene.Pair.SourceHost.Overlapped || scene.Pair.DestinationHost.Overlapped, "Two steps of a host ran at once.");
        if (_ends.Destination is not null) CheckSourceSteps();
        CheckExitCodes();
    }

    private void CheckSourceSteps()
    {
        var steps = scene.Pair.SourceHost.Steps;
        // A guest that was stopped is resumed last of all; what was let go of is taken back before; a guest given away is left alone.
        var back = _ends.Source is MigrationStatus.Failed or MigrationStatus.Cancelled && _ends.Code != MigrationErrorCode.GuestLost;
        if (steps.Contains("pause")) Assert.Equal(back, steps[^1] == "resume");
        if (steps.Contains("release")) Assert.Equal(back, steps.Contains("acquire") && steps[^2] == "acquire");
        if (back && @case.When.Steps.All(step => step is "handshake" or "pass" or "fence")) Assert.DoesNotContain("pause", steps);
    }

    private void CheckExitCodes()
    {
        var expected = _ends.Source == MigrationStatus.Cancelled ? ExitCodes.Failed : _ends.Code switch
        {
            null => ExitCodes.Completed,
            MigrationErrorCode.CannotConnect => ExitCodes.CannotConnect,
            MigrationErrorCode.OwnershipUncertain or MigrationErrorCode.GuestLost => ExitCodes.Uncertain,
            MigrationErrorCode.ProtocolViolation => ExitCodes.CorruptStream,
            MigrationErrorCode.VerifyMismatch => ExitCodes.DifferentMemory,
            MigrationErrorCode.OutOfResources => ExitCodes.LackOfResources,
            _ => ExitCodes.Failed,
        };
        Assert.Equal(expected, ExitCodes.Of(scene.Sent, interrupted: false));
        if (_ends.Destination == MigrationStatus.Uncertain) Assert.Equal(ExitCodes.Uncertain, ExitCodes.Of(scene.Received, interrupted: false));
    }

    private void CheckError(string facts)
    {
        var error = scene.Sent.Error;
        Assert.True(_ends.Code == error?.Code, facts);
        if (error is null) return;
        Assert.True(error.Message.Length > 10 && error.Step.Length > 0, facts);
        if (_ends.Side is { } side) Assert.True(side == error.Side, facts);
        // A destination calls its steps by other names.
        var steps = _ends.Steps ?? (error.Side == MigrationSide.Source ? @case.When.Steps : ["receive", "load-state", "prepared", "await-commit", "verify", "take"]);
        Assert.True(steps.Any(step => error.Step == step || error.Step.StartsWith(step + " ", StringComparison.Ordinal)), facts);
        Assert.All(_ends.Says, words => Assert.Contains(words, $"{error.Message} {error.PeerMessage}", StringComparison.Ordinal));
        if (_ends.DestinationCode is { } code) Assert.True(code == scene.Received.Error?.Code, facts);
    }
}
