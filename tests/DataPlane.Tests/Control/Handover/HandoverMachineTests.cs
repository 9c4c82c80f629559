using DataPlane.Control.Handover;
using DataPlane.Core.Errors;
using DataPlane.Core.Handover;
using DataPlane.Core.Wire.Messages;
using Xunit;

namespace DataPlane.Tests.Control.Handover;

/// <summary>What the search does not reach, because it takes an operator, a misuse, or a clock; and the plain way, written out.</summary>
public sealed class HandoverMachineTests
{
    [Fact]
    public void Plain_handover_writes_says_and_runs_in_this_order()
    {
        var (source, destination) = (new SourceHandover(arbiter: false), new DestinationHandover(arbiter: false));
        Assert.Equal("Record Open", Words(source.On(HandoverEvent.Start)));
        Assert.Equal("Record Open", Words(destination.On(HandoverEvent.Start)));
        Assert.Equal("", Words(source.On(HandoverEvent.Recorded)) + Words(destination.On(HandoverEvent.Recorded)));
        Assert.Equal("Record Prepared", Words(destination.On(HandoverEvent.Ready)));
        Assert.Equal("Say Prepared", Words(destination.On(HandoverEvent.Recorded)));
        Assert.Equal("", Words(source.On(HandoverInput.Hear(HandoverWord.Prepared))));
        Assert.Equal("Record Given", Words(source.On(HandoverEvent.Give)));
        Assert.Equal("Say Commit", Words(source.On(HandoverEvent.Recorded)));
        Assert.Equal("Record Taken", Words(destination.On(HandoverInput.Hear(HandoverWord.Commit))));
        Assert.Equal("Resume", Words(destination.On(HandoverEvent.Recorded)));
        Assert.Equal("Say Running", Words(destination.On(HandoverEvent.Resumed)));
        Assert.Equal("Record Released", Words(source.On(HandoverInput.Hear(HandoverWord.Running))));
        Assert.Equal("Release, Say Released", Words(source.On(HandoverEvent.Recorded)));
        Assert.True(source.IsClosed);
        Assert.Equal("Say Over", Words(destination.On(HandoverInput.Hear(HandoverWord.Released))));
        Assert.Equal("", Words(source.On(HandoverInput.Hear(HandoverWord.Over))));
        Assert.True(source.IsOver && destination.IsOver);
    }

    [Fact]
    public void Guest_is_not_given_before_the_destination_is_prepared()
    {
        var source = new SourceHandover(arbiter: false);
        _ = source.On(HandoverEvent.Start);
        _ = source.On(HandoverEvent.Recorded);
        Assert.Throws<InvalidOperationException>(() => source.On(HandoverEvent.Give));
    }

    [Theory]
    [InlineData(HandoverEvent.Abort)]
    [InlineData(HandoverEvent.LinkLost)]
    public void Abort_before_giving_resumes_first_and_tidies_after(object happened)
    {
        var source = Prepared(arbiter: false);
        Assert.Equal("Resume, Say Kept, Record Kept", Words(source.On((HandoverEvent)happened)));
        Assert.Equal("Say Kept", Words(source.On(HandoverInput.Hear(HandoverWord.Ask))));
    }

    [Theory]
    [InlineData(HandoverEvent.Abort)]
    [InlineData(HandoverEvent.LinkLost)]
    [InlineData(HandoverEvent.Timeout)]
    public void Nothing_but_a_word_or_a_verdict_brings_a_given_guest_back(object happened)
    {
        var source = Given(arbiter: false);
        Assert.Equal("", Words(source.On((HandoverEvent)happened)));
        Assert.Equal("", Words(source.On(HandoverInput.Hear(HandoverWord.Unknown))));
        Assert.Equal(SourcePhase.Given, source.Phase);
        Assert.Equal("Resume, Say Kept, Record Kept", Words(source.On(HandoverInput.Hear(HandoverWord.Never))));
    }

    [Fact]
    public void Operators_verdict_frees_a_source_that_is_uncertain_and_with_an_arbiter_goes_through_it()
    {
        var source = Given(arbiter: false);
        _ = source.On(HandoverEvent.Timeout);
        Assert.True(source.Uncertain);
        Assert.Equal("Resume, Say Kept, Record Kept", Words(source.On(HandoverInput.Tell(MigrationSide.Source))));
        Assert.False(source.Uncertain);
        source = Given(arbiter: false);
        Assert.Equal("Record Released", Words(source.On(HandoverInput.Tell(MigrationSide.Destination))));
        source = Given(arbiter: true);
        Assert.Equal("Claim 0", Words(source.On(HandoverInput.Tell(MigrationSide.Source))));
        Assert.Equal("", Words(source.On(HandoverInput.Award(MigrationSide.Destination))));
        Assert.True(source.Uncertain);
        Assert.Equal("Claim 0", Words(source.On(HandoverInput.Hear(HandoverWord.Returned))));
        Assert.Equal("Claim 1", Words(source.On(HandoverInput.Award(MigrationSide.Destination))));
        Assert.Equal("Resume, Say Kept, Record Kept", Words(source.On(HandoverInput.Award(MigrationSide.Source))));
    }

    [Fact]
    public void Given_in_doubt_is_fenced_by_the_destination_before_the_guest_runs_again()
    {
        var source = Prepared(arbiter: false);
        _ = source.On(HandoverEvent.Give);
        Assert.Equal("Say Kept", Words(source.On(HandoverEvent.RecordInDoubt)));
        Assert.Equal("Say Kept", Words(source.On(HandoverEvent.AskDue)));
        Assert.Equal("Resume, Say Kept, Record Kept", Words(source.On(HandoverInput.Hear(HandoverWord.Never))));
    }

    [Fact]
    public void Destination_past_its_deadline_refuses_a_source_that_can_take_the_guest_back_and_no_other()
    {
        var destination = PreparedDestination(arbiter: false);
        Assert.Equal("", Words(destination.On(HandoverEvent.DeadlinePassed)));
        var other = destination;
        Assert.Equal("Record Never", Words(destination.On(HandoverInput.Hear(HandoverWord.Commit))));
        Assert.Equal("Say Never, Release", Words(destination.On(HandoverEvent.Recorded)));
        Assert.Equal("Record Taken", Words(other.On(HandoverInput.Hear(HandoverWord.CommitFromRecord))));
    }

    [Theory]
    [InlineData(HandoverEvent.Abort)]
    [InlineData(HandoverEvent.LinkLost)]
    [InlineData(HandoverEvent.Timeout)]
    [InlineData(HandoverEvent.DeadlinePassed)]
    public void Prepared_destination_never_drops_the_guest_by_itself(object happened)
    {
        var destination = PreparedDestination(arbiter: false);
        Assert.Equal("", Words(destination.On((HandoverEvent)happened)));
        Assert.Equal("Say Ask", Words(destination.On(HandoverEvent.LinkRegained)));
        Assert.Equal(DestinationPhase.Prepared, destination.Phase);
    }

    [Fact]
    public void Operators_verdict_lets_a_prepared_destination_take_or_refuse()
    {
        var destination = PreparedDestination(arbiter: false);
        Assert.Equal("Record Taken", Words(destination.On(HandoverInput.Tell(MigrationSide.Destination))));
        destination = PreparedDestination(arbiter: true);
        Assert.Equal("Claim 0", Words(destination.On(HandoverInput.Tell(MigrationSide.Destination))));
        destination = PreparedDestination(arbiter: false);
        Assert.Equal("Record Never", Words(destination.On(HandoverInput.Tell(MigrationSide.Source))));
    }

    [Fact]
    public void Record_that_was_there_after_all_counts()
    {
        var destination = PreparedDestination(arbiter: false);
        _ = destination.On(HandoverInput.Hear(HandoverWord.Commit));
        Assert.Equal("Record Never", Words(destination.On(HandoverEvent.RecordInDoubt)));
        Assert.Equal("Resume", Words(destination.On(HandoverInput.Found(HandoverRecord.Taken))));
    }

    [Fact]
    public void Nothing_is_allocated_inside_the_blackout()
    {
        Whole();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Whole();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        static void Whole()
        {
            var (source, destination) = (Given(arbiter: false), PreparedDestination(arbiter: false));
            _ = destination.On(HandoverInput.Hear(HandoverWord.Commit));
            _ = destination.On(HandoverEvent.Recorded);
            _ = destination.On(HandoverEvent.Resumed);
            _ = source.On(HandoverInput.Hear(HandoverWord.Running));
        }
    }

    private static SourceHandover Prepared(bool arbiter)
    {
        var source = new SourceHandover(arbiter);
        _ = source.On(HandoverEvent.Start);
        _ = source.On(HandoverEvent.Recorded);
        _ = source.On(HandoverInput.Hear(HandoverWord.Prepared));
        return source;
    }

    private static SourceHandover Given(bool arbiter)
    {
        var source = Prepared(arbiter);
        _ = source.On(HandoverEvent.Give);
        _ = source.On(HandoverEvent.Recorded);
        return source;
    }

    private static DestinationHandover PreparedDestination(bool arbiter)
    {
        var destination = new DestinationHandover(arbiter);
        _ = destination.On(HandoverEvent.Start);
        _ = destination.On(HandoverEvent.Recorded);
        _ = destination.On(HandoverEvent.Ready);
        _ = destination.On(HandoverEvent.Recorded);
        return destination;
    }

    private static string Words(HandoverEffects effects) => string.Join(", ", Enumerable.Range(0, effects.Count).Select(i => effects[i]).Select(effect => effect.Act switch
    {
        HandoverAct.Record => $"Record {effect.Record}",
        HandoverAct.Say => $"Say {effect.Word}",
        HandoverAct.Claim => $"Claim {effect.Turn}",
        _ => $"{effect.Act}",
    }));
}
