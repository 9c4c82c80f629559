using DataPlane.Cli.Output;
using Xunit;

namespace DataPlane.Tests.Cli;

public sealed class ProgressDisplayTests
{
    [Fact]
    public async Task Elsewhere_than_on_a_terminal_there_are_lines_and_no_control_characters()
    {
        var text = await ShownAsync(ProgressMode.Auto, canRedraw: false);
        Assert.Equal("first\nnote\nsecond\nerror\n", text);
    }

    [Fact]
    public async Task On_a_terminal_one_line_is_redrawn_and_left_blank()
    {
        var text = await ShownAsync(ProgressMode.Auto, canRedraw: true);
        Assert.DoesNotContain("\e", text, StringComparison.Ordinal);
        Assert.StartsWith("\rfirst\r     \rnote\n\rfirst", text, StringComparison.Ordinal);
        Assert.EndsWith("error\n\rsecond\r      \r", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_progress_only_what_must_be_seen_is_written()
    {
        Assert.Equal("error\n", await ShownAsync(ProgressMode.None, canRedraw: true));
    }

    [Fact]
    public async Task Line_is_cut_to_the_terminal()
    {
        using var error = new StringWriter();
        await using (var display = new ProgressDisplay(error, ProgressMode.Tty, true, () => 10, TimeProvider.System))
            display.Show(() => new string('x', 100));
        Assert.StartsWith("\r" + new string('x', 9) + "\r", error.ToString(), StringComparison.Ordinal);
    }

    private static async Task<string> ShownAsync(ProgressMode mode, bool canRedraw)
    {
        using var error = new StringWriter();
        var frozen = new FrozenTime();
        await using (var display = new ProgressDisplay(error, mode, canRedraw, () => 80, frozen))
        {
            display.Show(() => "first");
            display.Note("note");
            display.Show(() => "second");
            display.Say("error");
        }
        return error.ToString();
    }

    /// <summary>Time that stands still, so that no tick adds a line.</summary>
    private sealed class FrozenTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new NoTimer();

        private sealed class NoTimer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
