using DataPlane.Cli.Output;
using DataPlane.Cli.Output.Live;
using DataPlane.Tests.Cli.Output;
using Xunit;

namespace DataPlane.Tests.Cli;

public sealed class ProgressDisplayTests
{
    private static readonly DisplayTerminal Terminal = new(CanRedraw: true, MayColour: true, () => new ScreenSize(80, 24));
    private static readonly DisplayTerminal Elsewhere = Terminal with { CanRedraw = false };

    [Theory]
    [InlineData("Auto")]
    [InlineData("Tty")]
    public async Task Elsewhere_than_on_a_terminal_there_are_lines_and_no_control_characters(string mode)
    {
        Assert.Equal("first\nnote\nsecond\nerror\n", await ShownAsync(Enum.Parse<ProgressMode>(mode), Elsewhere));
    }

    [Fact]
    public async Task Lines_can_be_had_on_a_terminal_too()
    {
        Assert.Equal("first\nnote\nsecond\nerror\n", await ShownAsync(ProgressMode.Plain, Terminal));
    }

    [Fact]
    public async Task On_a_terminal_it_is_redrawn_in_place_and_what_is_worth_keeping_stays_above()
    {
        var text = await ShownAsync(ProgressMode.Auto, Terminal);
        var terminal = new TerminalPicture(80);
        terminal.Write(text);
        Assert.Equal("note\nerror", terminal.Text);
        Assert.Equal((2, 0), terminal.Cursor);
        Assert.StartsWith("\rfirst\e[K\n\e[J", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_progress_only_what_must_be_seen_is_written()
    {
        Assert.Equal("error\n", await ShownAsync(ProgressMode.None, Terminal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Colour_is_there_only_where_nobody_has_said_no(bool may)
    {
        using var error = new StringWriter();
        await using (var display = new ProgressDisplay(error, ProgressMode.Auto, Terminal with { MayColour = may }, Timeout.InfiniteTimeSpan))
        {
            display.ShowView(new View(() => false, () => "x"));
            display.Say("there");
        }
        var terminal = new TerminalPicture(80);
        terminal.Write(error.ToString());
        Assert.Equal(may, terminal.Colours > 0);
    }

    [Fact]
    public async Task While_a_guest_stands_still_nothing_is_asked_or_written_and_notes_follow()
    {
        using var error = new StringWriter();
        var (quiet, asked) = (false, 0);
        await using (var display = new ProgressDisplay(error, ProgressMode.Plain, Elsewhere, TimeSpan.FromMilliseconds(1), longestHush: TimeSpan.FromHours(1)))
        {
            display.ShowView(new View(() => Volatile.Read(ref quiet), () => $"look {Interlocked.Increment(ref asked)}"));
            display.Say("runs");
            Volatile.Write(ref quiet, true);
            var before = await StillAsync(() => Volatile.Read(ref asked));
            display.Note("note");
            Assert.Equal(before, await StillAsync(() => Volatile.Read(ref asked)));
            Assert.DoesNotContain("note", error.ToString(), StringComparison.Ordinal);
            Volatile.Write(ref quiet, false);
            display.Say("runs again");
        }
        Assert.Matches("(?s)runs\n.*note\n.*runs again\n", error.ToString());
    }

    [Fact]
    public async Task Error_is_told_even_while_a_guest_stands_still()
    {
        using var error = new StringWriter();
        await using var display = new ProgressDisplay(error, ProgressMode.Plain, Elsewhere, Timeout.InfiniteTimeSpan);
        display.ShowView(new View(() => true, () => "x"));
        display.Note("note");
        display.Say("error");
        Assert.Equal("x\nnote\nerror\n", error.ToString());
    }

    [Fact]
    public async Task Standard_error_that_is_closed_ends_nothing()
    {
        await using var display = new ProgressDisplay(new ClosedWriter(), ProgressMode.Plain, Elsewhere, TimeSpan.FromMilliseconds(1));
        display.Show(() => "x");
        display.Say("error");
        display.Note("note");
        display.Show(null);
    }

    /// <summary>The value when it has been the same for some rounds of the display.</summary>
    private static async Task<int> StillAsync(Func<int> value)
    {
        for (var (before, same) = (value(), 0); ; before = value())
        {
            await Task.Delay(5);
            same = value() == before ? same + 1 : 0;
            if (same == 10) return before;
        }
    }

    private static async Task<string> ShownAsync(ProgressMode mode, DisplayTerminal terminal)
    {
        using var error = new StringWriter();
        // It draws nothing of itself, so that no tick adds a line.
        await using (var display = new ProgressDisplay(error, mode, terminal, Timeout.InfiniteTimeSpan))
        {
            display.Show(() => "first");
            display.Note("note");
            display.Show(() => "second");
            display.Say("error");
        }
        return error.ToString();
    }

    private sealed class View(Func<bool> quiet, Func<string> line) : IProgressView
    {
        public bool IsQuiet => quiet();

        public string? Line() => line();

        public IReadOnlyList<ScreenLine> Screen(ScreenSize size) => [new ScreenLine().Add(line(), ScreenStyle.Good)];
    }

    private sealed class ClosedWriter : StringWriter
    {
        public override void Write(string? value) => throw new IOException("closed");

        public override void WriteLine(string? value) => throw new IOException("closed");
    }
}
