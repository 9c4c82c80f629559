using System.Buffers;
using DataPlane.Core.Errors;
using DataPlane.Results;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Migrations;

/// <summary>A host that saves more than it declared fails the migration by the section's name, and the guest goes on at the source.</summary>
[Collection("machine")]
public sealed class HostFaultTests
{
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
}
