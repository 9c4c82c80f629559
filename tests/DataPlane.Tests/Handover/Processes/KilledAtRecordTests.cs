using DataPlane.Core.Errors;
using DataPlane.Handover;
using DataPlane.Tests.Interop;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Handover.Processes;

/// <summary>
/// SIGKILL of either side in front of the system call that writes a record, and behind it before anything else: no instruction lies in between. The guest goes on at one
/// side, or the process that was killed had it and both records say so.
/// </summary>
[Collection("handovers")]
public sealed class KilledAtRecordTests
{
    /// <summary>The moment, the records that are left, what a sender started again hears, the records then, whether the guest runs on.</summary>
    public static TheoryData<string, string, string, string, bool> Sources
    {
        get
        {
            var data = new TheoryData<string, string, string, string, bool>
            {
                { "before given", "open, prepared", "never", "kept, never", false },
                { "behind given", "given, prepared", "running", "released, taken", true },
            };
            if (!TestSet.All) return data; // Those that decide; with the others nothing hangs by the record but what is told of it later.
            data.Add("before released", "given, taken", "running", "released, taken", true);
            data.Add("behind released", "released, taken", "over", "released, taken", true);
            return data;
        }
    }

    /// <summary>The moment, the other side's step, whether the next receiver is asked, how the source ends, the records then, whether the guest runs on there.</summary>
    public static TheoryData<string, string, bool, string, string, bool> Destinations
    {
        get
        {
            var data = new TheoryData<string, string, bool, string, string, bool>
            {
                { "before taken", "", true, "Refused", "kept, never", true },
                { "behind taken", "", true, "GuestLost", "released, taken", false },
            };
            if (!TestSet.All) return data;
            data.Add("before prepared", "", false, "ConnectionLost", "kept, open", true);
            data.Add("behind prepared", "", false, "ConnectionLost", "kept, prepared", true);
            data.Add("before never", "balk", false, "HostFailed", "kept, prepared", true);
            data.Add("behind never", "balk", false, "HostFailed", "kept, never", true);
            // Nobody can say any more that no vCPU had entered.
            data.Add("refuse,before returned", "", true, "GuestLost", "released, taken", false);
            data.Add("refuse,behind returned", "", true, "HostFailed", "kept, returned", true);
            return data;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Sources))]
    public async Task Source_killed_at_a_record_leaves_the_guest_to_one_side_or_had_it(string dies, string left, string hears, string records, bool runs)
    {
        Toolchain.OrSkip("gcc");
        await using var scene = await HandoverProcesses.StartAsync(sourceDies: dies);
        var taking = scene.TakeAsync();
        Assert.Null(await scene.SendAsync());
        await scene.AwaitDeathAsync(scene.Source);
        Assert.Equal(left, Records(scene));
        Assert.Equal(hears, await scene.AskAgainAsync(Image(scene)));
        Assert.Equal(runs ? "Completed" : "Failed", (await taking)!.Status);
        await scene.AssertRunsAsync(runs ? scene.Destination : null);
        Assert.Equal(records, Records(scene));
    }

    [SkippableTheory]
    [MemberData(nameof(Destinations))]
    public async Task Destination_killed_at_a_record_leaves_the_guest_to_one_side_or_had_it(string dies, string source, bool replaced, string error, string records, bool runs)
    {
        Toolchain.OrSkip("gcc");
        await using var scene = await HandoverProcesses.StartAsync(sourceDies: source, destinationDies: dies);
        var sending = scene.SendAsync();
        await scene.AwaitDeathAsync(scene.Destination);
        if (replaced) await scene.ReplaceDestinationAsync();
        var outcome = (await sending)!;
        Assert.True(outcome.Status == "Failed" && outcome.Error!.StartsWith(error, StringComparison.Ordinal), $"{outcome.Status}: {outcome.Error}");
        await scene.AssertRunsAsync(runs ? scene.Source : null);
        Assert.Equal(records, Records(scene));
    }

    /// <summary>
    /// The guest had been given back, and ran at the source again when that was killed. The destination was told so before the record was written, and has ended:
    /// the next receiver on its port answers.
    /// </summary>
    [SkippableTheory]
    [InlineData("before kept", "given, returned")]
    [InlineData("behind kept", "kept, returned")]
    public async Task Source_killed_at_its_record_of_a_guest_that_came_back_had_it(string dies, string left)
    {
        if (!TestSet.All) return; // Nothing hangs by that record but what is told of it later.
        Toolchain.OrSkip("gcc");
        await using var scene = await HandoverProcesses.StartAsync(sourceDies: dies, destinationDies: "refuse");
        var taking = scene.TakeAsync();
        Assert.Null(await scene.SendAsync());
        await scene.AwaitDeathAsync(scene.Source);
        Assert.Equal(left, Records(scene));
        Assert.Equal("Failed", (await taking)!.Status);
        await scene.ReplaceDestinationAsync();
        Assert.Equal("returned", await scene.AskAgainAsync(Image(scene)));
        await scene.AssertRunsAsync(null);
        Assert.Equal("kept, returned", Records(scene));
    }

    /// <summary>Of an attempt that is settled a sender tells only where it is named.</summary>
    private static Guid Image(HandoverProcesses scene) => Assert.Single(HandoverJournals.Read(scene.SourceJournal)).Image;

    private static string Records(HandoverProcesses scene) => $"{scene.Record(MigrationSide.Source)}, {scene.Record(MigrationSide.Destination)}";
}
