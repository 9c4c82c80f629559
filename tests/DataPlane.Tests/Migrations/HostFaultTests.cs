using System.Buffers;
using DataPlane.Core.Errors;
using DataPlane.Results;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Migrations;

/// <summary>A callback of a host that throws fails the migration by its step's name, and the guest goes on at the source.</summary>
[Collection("machine")]
public sealed class HostFaultTests
{
    [Theory]
    [InlineData("pause", "stop")]
    [InlineData("save opaque", "save-state opaque")]
    [InlineData("release", "release")]
    public Task SourceHostThrows_GuestGoesOn(string hook, string step) => FailureScene.PlayAsync(async scene =>
    {
        scene.Pair.SourceHost.After(hook, () => throw new IOException("The back end is gone."));
        var (sent, received) = await scene.Pair.RunAsync();
        Assert.Contains("The back end is gone.", sent.Error!.Message, StringComparison.Ordinal);
        Assert.Contains("The back end is gone.", received.Error!.PeerMessage, StringComparison.Ordinal);
        Assert.Equal((MigrationStatus.Failed, MigrationErrorCode.HostFailed, MigrationSide.Source), (received.Status, received.Error.Code, received.Error.Side));
        Assert.Equal(hook == "release" ? ["acquire", "resume"] : (string[])["resume"], AfterTheFault(scene, hook));
        await scene.AssertGuestGoesOnAsync(sent, MigrationStatus.Failed, MigrationErrorCode.HostFailed, MigrationSide.Source, step);
    });

    [Fact]
    public Task DestinationHostThrowsWhileLoading_GuestGoesOn() => FailureScene.PlayAsync(async scene =>
    {
        scene.Pair.DestinationHost.After("load opaque", () => throw new InvalidDataException("The state makes no sense."));
        var (sent, received) = await scene.Pair.RunAsync();
        Assert.Contains("The state makes no sense.", sent.Error!.PeerMessage, StringComparison.Ordinal);
        Assert.Equal((MigrationErrorCode.HostFailed, "load-state opaque"), (received.Error!.Code, received.Error.Step));
        await scene.AssertGuestGoesOnAsync(
            sent, MigrationStatus.Failed, MigrationErrorCode.HostFailed, MigrationSide.Destination, "load-state opaque");
    });

    /// <summary>What was let go of can not be taken back: the guest runs all the same, and both faults are told.</summary>
    [Fact]
    public Task AcquireThrowsOnTheWayBack_GuestGoesOn() => FailureScene.PlayAsync(async scene =>
    {
        scene.Pair.SourceHost.After("release", () => throw new IOException("First."));
        scene.Pair.SourceHost.Before("acquire", () => throw new IOException("Second."));
        var (sent, _) = await scene.Pair.RunAsync();
        Assert.Contains("First.", sent.Error!.Message, StringComparison.Ordinal);
        Assert.Contains("Second.", sent.Error.Message, StringComparison.Ordinal);
        await scene.AssertGuestGoesOnAsync(sent, MigrationStatus.Failed, MigrationErrorCode.HostFailed, MigrationSide.Source, "release");
    });

    [Fact]
    public Task SectionLargerThanDeclared_GuestGoesOn() => FailureScene.PlayAsync(async scene =>
    {
        var declared = scene.Source.Sections.Single(section => section.Id == "opaque").Size;
        scene.Pair.SourceHost = new HookedHost(scene.Source)
        {
            Saving = (section, state) => state.Write(new byte[section.Size + (section.Id == "opaque" ? 1 : 0)]),
        };
        var (sent, _) = await scene.Pair.RunAsync();
        Assert.Contains("'opaque' is larger than declared", sent.Error!.Message, StringComparison.Ordinal);
        Assert.Contains($"{declared}", sent.Error.Message, StringComparison.Ordinal);
        await scene.AssertGuestGoesOnAsync(
            sent, MigrationStatus.Failed, MigrationErrorCode.HostFailed, MigrationSide.Source, "save-state opaque");
    });

    private static string[] AfterTheFault(FailureScene scene, string hook) =>
        [.. scene.Pair.SourceHost.Steps.SkipWhile(step => step != hook).Skip(1)];
}
