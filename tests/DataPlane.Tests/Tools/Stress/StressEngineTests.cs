using DataPlane.Results;
using DataPlane.Tests.Kit;
using DataPlane.Tools.Stress;
using Xunit;

namespace DataPlane.Tests.Tools.Stress;

public sealed class StressEngineTests
{
    private static readonly StressCase Case = new("mine", null, null, null, new Dictionary<string, string>(), "f:1");

    private readonly ManualTime _time = new();
    private readonly List<int> _told = [];

    [Fact]
    public async Task Rounds_begin_until_their_time_is_over_and_the_last_one_counts()
    {
        var runs = await RunAsync(repeat: null, TimeSpan.FromSeconds(10), takes: TimeSpan.FromSeconds(4), default);
        Assert.Equal([1, 2, 3], runs);
        Assert.Equal(runs, _told);
    }

    [Fact]
    public async Task Time_that_is_shorter_than_a_round_still_has_one() =>
        Assert.Equal([1], await RunAsync(repeat: null, TimeSpan.FromTicks(1), takes: TimeSpan.FromSeconds(4), default));

    [Fact]
    public async Task Plan_that_is_through_ends_before_its_time() =>
        Assert.Equal([1, 2], await RunAsync(repeat: 2, TimeSpan.FromHours(1), takes: TimeSpan.FromSeconds(4), default));

    [Fact]
    public async Task Interrupted_round_is_told_of_and_no_other_begins()
    {
        using var stop = new CancellationTokenSource();
        Assert.Equal([1, 2], await RunAsync(repeat: 9, null, TimeSpan.FromSeconds(4), stop.Token, round =>
        {
            if (round == 2) stop.Cancel();
        }));
    }

    private async Task<IEnumerable<int>> RunAsync(int? repeat, TimeSpan? duration, TimeSpan takes, CancellationToken cancel, Action<int>? meanwhile = null)
    {
        var engine = new StressEngine(_time, (round, _) =>
        {
            _time.Advance(takes);
            meanwhile?.Invoke(round.Number);
            var run = new StressRun(round, 1, 1, "", StressExpectation.Completed, StressVerdict.Passed, [], "", new MigrationResult { Status = MigrationStatus.Completed });
            return Task.FromResult<IReadOnlyList<StressRun>>([run]);
        });
        var runs = await engine.RunAsync(StressPlan.Rounds([Case], repeat, 1), duration, run => _told.Add(run.Round.Number), cancel);
        return runs.Select(run => run.Round.Number);
    }
}
