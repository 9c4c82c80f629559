using DataPlane.Cli.Output.Live;
using Xunit;

namespace DataPlane.Tests.Cli.Output;

public sealed class ScreenBlockTests
{
    private static readonly ScreenSize Usual = new(20, 10);

    [Fact]
    public void Lines_are_put_in_the_place_of_those_before_and_what_stood_above_stays()
    {
        var terminal = new TerminalPicture(20);
        var block = new ScreenBlock();
        terminal.Write("above\n" + block.Redraw(Lines("one", "two", "three"), Usual, colour: false));
        Assert.Equal("above\none\ntwo\nthree", terminal.Text);
        terminal.Write(block.Redraw(Lines("1", "2"), Usual, colour: false));
        Assert.Equal("above\n1\n2", terminal.Text);
        Assert.Equal((3, 0), terminal.Cursor);
        terminal.Write(block.Erase(Usual));
        Assert.Equal("above", terminal.Text);
        Assert.Equal("", block.Erase(Usual));
    }

    [Fact]
    public void Neither_the_last_column_nor_the_last_row_is_written()
    {
        var terminal = new TerminalPicture(20);
        var block = new ScreenBlock();
        terminal.Write(block.Redraw(Lines([.. Enumerable.Repeat(new string('x', 100), 50)]), Usual, colour: false));
        Assert.Equal(string.Join('\n', Enumerable.Repeat(new string('x', 19), 9)), terminal.Text);
    }

    [Fact]
    public void Window_made_narrower_has_wrapped_the_lines_and_all_of_them_go()
    {
        // As terminals do that wrap anew what they show: written at the new width from the beginning.
        var terminal = new TerminalPicture(8);
        var block = new ScreenBlock();
        _ = block.Redraw(Lines("0123456789012345678", "short"), Usual, colour: false);
        terminal.Write("above\n0123456789012345678\nshort\n");
        terminal.Write(block.Redraw(Lines("0123456789012345678", "short"), new ScreenSize(8, 10), colour: false));
        Assert.Equal("above\n0123456\nshort", terminal.Text);
    }

    [Fact]
    public void Line_typed_below_goes_with_the_block()
    {
        var terminal = new TerminalPicture(20);
        var block = new ScreenBlock();
        terminal.Write("above\n" + block.Redraw(Lines("one"), Usual, colour: false) + "\n");
        block.Typed();
        terminal.Write(block.Redraw(Lines("two"), Usual, colour: false));
        Assert.Equal("above\ntwo", terminal.Text);
    }

    [Fact]
    public void Colours_end_where_they_began_also_where_a_line_is_cut()
    {
        var line = new ScreenLine().Add("plain ").Add("good and long", ScreenStyle.Good);
        Assert.Equal("plain \e[32mgood\e[0m", line.Cut(10).Coloured());
        Assert.Equal("plain good", line.Cut(10).ToString());
        Assert.DoesNotContain('\e', line.ToString());
    }

    private static ScreenLine[] Lines(params string[] lines) => [.. lines.Select(ScreenLine.Of)];
}
