using System.Globalization;
using DataPlane.Cli.Link;
using DataPlane.Cli.Units;
using DataPlane.Tools.Link;

namespace DataPlane.Cli.Output.Live;

/// <summary>A measurement of a link under way. Intervals are told by the measurement's thread, the rest is the drawing thread's.</summary>
/// <param name="progress">How it stands; null or ended: nothing is shown.</param>
/// <param name="options">What is measured.</param>
/// <param name="rowsAreSeen">Whether the rows of the intervals go to the same terminal: they tell enough of a bulk.</param>
internal sealed class LinkView(Func<LinkProgress?> progress, LinkOptions options, bool rowsAreSeen) : IProgressView
{
    private const int Name = 12;
    private const int LongestBar = 40;
    private const int MostPoints = 48;

    private volatile LinkInterval? _last;
    private LinkInterval? _drawn;
    private readonly List<double> _rates = [];

    public bool IsQuiet => false;

    /// <summary>An interval of the bulk is over.</summary>
    public void Tell(LinkInterval interval) => _last = interval;

    public string? Line() => Look() is { } now && (!rowsAreSeen || now.Phase != LinkPhase.Bulk || options.Interval > TimeSpan.FromSeconds(1))
        ? LinkProgressLine.Of(now, options) : null;

    public IReadOnlyList<ScreenLine> Screen(ScreenSize size)
    {
        if (Look() is not { } now) return [];
        var columns = size.Columns - 1;
        var rows = new ScreenRows();
        if (now.Phase != LinkPhase.Bulk)
        {
            rows.Add(1, ScreenLine.Of(LinkProgressLine.Of(now, options)));
            return rows.Fitting(1);
        }
        rows.Add(1, Head(now, columns));
        if (_last is { } last)
        {
            Remember(last);
            var spark = Sparkline.Of(_rates, Math.Min(MostPoints, columns - Name - Name - 2), ErrorTerminal.ShowsUnicode);
            rows.Add(2, Row("rate").AddWhole(columns, LinkUnits.Rate(last.Sum.BitsPerSecond).PadRight(Name + 4)).AddWhole(columns, spark));
            if (!rowsAreSeen) Channels(rows, last, columns, size.Rows - 1 - rows.Count);
        }
        return rows.Fitting(size.Rows - 1);
    }

    private LinkProgress? Look() => progress() is { Phase: not LinkPhase.Ended } now ? now : null;

    private void Remember(LinkInterval last)
    {
        if (ReferenceEquals(last, _drawn)) return;
        if (last.StartSeconds == 0) _rates.Clear(); // Another measurement of a sweep.
        _rates.Add(last.Sum.BitsPerSecond);
        _drawn = last;
    }

    private ScreenLine Head(LinkProgress now, int columns)
    {
        var (done, all) = (now.InPhase.TotalSeconds, options.Duration.TotalSeconds);
        var line = new ScreenLine().Add("bulk".PadRight(Name), ScreenStyle.Strong)
            .AddWhole(columns, string.Create(CultureInfo.InvariantCulture, $"{done:0.0} of {all:0.#} s").PadRight(Name + 4))
            .AddWhole(columns, $"{now.Channels} {(now.Channels == 1 ? "channel" : "channels")}  ");
        var bar = Math.Min(LongestBar, columns - line.Length - 2);
        if (bar < 8) return line;
        var gone = (int)Math.Clamp(Math.Floor(done / all * bar), 0, bar);
        return line.Add($"[{new string('#', gone)}{new string('.', bar - gone)}]", ScreenStyle.Soft);
    }

    /// <summary>The slowest where not all have room: it is looked for.</summary>
    private static void Channels(ScreenRows rows, LinkInterval last, int columns, int room)
    {
        if (room < 2) return;
        rows.Add(3, new ScreenLine().AddWhole(columns, $"{"channel",7}   {"rate",-18}{"retransmits",11}  round trip", ScreenStyle.Soft));
        var both = last.Channels.Select(channel => channel.Direction).Distinct().Count() > 1;
        foreach (var channel in last.Channels.OrderBy(channel => channel.BitsPerSecond).Take(room - 1).OrderBy(channel => channel.Direction).ThenBy(channel => channel.Channel))
            rows.Add(4, new ScreenLine().AddWhole(columns, $"{channel.Channel,7}{(both ? channel.Direction == LinkDirection.ToServer ? " > " : " < " : "   ")}")
                .AddWhole(columns, $"{LinkUnits.Rate(channel.BitsPerSecond),-18}")
                .AddWhole(columns, $"{channel.Retransmits?.ToString(CultureInfo.InvariantCulture) ?? "-",11}")
                .AddWhole(columns, channel.RoundTripUs is { } trip ? $"  {ForPeople.Milliseconds(trip / 1e3)}" : "  -"));
    }

    private static ScreenLine Row(string name) => new ScreenLine().Add(name.PadRight(Name), ScreenStyle.Soft);
}
