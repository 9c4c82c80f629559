using DataPlane.Core.Errors;
using DataPlane.Results;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Trouble;

/// <summary>What has to hold when both sessions have ended, whatever broke.</summary>
internal sealed class Aftermath(TroubleCase @case, TroubleScene scene)
{
    private readonly Ending _ends = @case.Ends;

    public void Check()
    {
        var facts = $"source: {scene.Sent.Status}, {scene.Sent.Error}; destination: {scene.Received.Status}, {scene.Received.Error}";
        Assert.True(_ends.Source == scene.Sent.Status, facts);
        Assert.True((_ends.Destination ?? MigrationStatus.Cancelled) == scene.Received.Status, facts);
        if (_ends.Destination is null) Assert.True(scene.Received.Error!.Step == "listen", facts);
        CheckError(facts);
        Assert.True(scene.Source.IsRunning == (_ends.Guest == Runs.Source), facts);
        Assert.True(scene.Destination.IsRunning == (_ends.Guest == Runs.Destination), facts);
        Assert.False(scene.Pair.SourceHost.Overlapped || scene.Pair.DestinationHost.Overlapped, "Two steps of a host ran at once.");
        if (scene.Pair.SourceHost.Steps.Contains("release")) // What was let go of is taken back, before anything runs.
            Assert.Equal(_ends.Guest == Runs.Source, scene.Pair.SourceHost.Steps.SkipWhile(step => step != "release").Skip(1).FirstOrDefault() == "acquire");
    }

    private void CheckError(string facts)
    {
        var error = scene.Sent.Error;
        Assert.True(_ends.Code == error?.Code, facts);
        if (error is null) return;
        Assert.True(error.Message.Length > 10 && error.Step.Length > 0, facts);
        if (_ends.Side is { } side) Assert.True(side == error.Side, facts);
        // A destination calls its steps by other names.
        var steps = _ends.Steps ?? (error.Side == MigrationSide.Source ? @case.When.Steps : ["receive", "load-state", "prepared", "await-commit", "verify"]);
        Assert.True(steps.Any(step => error.Step == step || error.Step.StartsWith(step + " ", StringComparison.Ordinal)), facts);
        if (_ends.Says is { } words) Assert.Contains(words, $"{error.Message} {error.PeerMessage}", StringComparison.Ordinal);
        if (_ends.DestinationCode is { } code) Assert.True(code == scene.Received.Error?.Code, facts);
    }
}
