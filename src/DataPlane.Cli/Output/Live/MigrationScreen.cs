using DataPlane.Cli.Units;
using DataPlane.Results;

namespace DataPlane.Cli.Output.Live;

/// <summary>
/// A migration on one screen: where it is, what has gone and is left, how fast, the blackout that is to be expected, what bounds it, and each channel. On a small terminal
/// the less important rows and parts are left out; no number is ever cut. Pure.
/// </summary>
internal static class MigrationScreen
{
    private const int Name = 10;
    private const int Value = 14;
    private const int LongestBar = 40;
    private const int ShortestBar = 8;

    public static IReadOnlyList<ScreenLine> Lines(MigrationPicture picture, ScreenSize size)
    {
        // A column and a row stay free, as whoever draws them wants it.
        var columns = size.Columns - 1;
        var rows = new ScreenRows();
        if (picture.Heading is { } heading) rows.Add(3, ScreenLine.Of(heading));
        rows.Add(1, Head(picture.Progress, columns));
        Moved(rows, picture, columns);
        Rates(rows, picture, columns);
        if (picture.Limit is { } limit) rows.Add(2, Blackout(picture.Progress, limit, columns));
        if (picture.Progress.Bottleneck is { } bound) rows.Add(7, Row("bound by").AddWhole(columns, BottleneckWords.Of(bound)));
        var most = Math.Max(1, size.Rows - 1);
        return [.. rows.Fitting(most), .. ChannelRows.Of(picture, columns, most - rows.Count)];
    }

    private static ScreenLine Head(MigrationProgress progress, int columns)
    {
        var line = new ScreenLine().Add((ProgressLine.Phase(progress.Status) + " ").PadRight(Name), ScreenStyle.Strong).AddWhole(columns, ProgressLine.Seconds(progress.Elapsed));
        if (progress.Pass > 0) _ = line.AddWhole(columns, $", pass {ForPeople.Count(progress.Pass)}");
        if (progress.Attempt > 1) _ = line.AddWhole(columns, $", attempt {progress.Attempt}", ScreenStyle.Bad);
        if (progress.CpuThrottlePercentage > 0) _ = line.AddWhole(columns, $", guest slowed by {progress.CpuThrottlePercentage} %", ScreenStyle.Bad);
        return line;
    }

    private static void Moved(ScreenRows rows, MigrationPicture picture, int columns)
    {
        var progress = picture.Progress;
        if (progress.TotalBytes == 0) return;
        rows.Add(6, Row(picture.Limit is null ? "received" : "sent").AddWhole(columns, ForPeople.Size(progress.TransferredBytes).PadRight(Value))
            .AddWhole(columns, $"of a guest with {ForPeople.Size(progress.TotalBytes)}", ScreenStyle.Soft));
        if (progress.RemainingBytes is not { } left) return;
        var line = Row("left").AddWhole(columns, ForPeople.Size(left).PadRight(Value));
        var bar = Math.Min(LongestBar, columns - line.Length - 2);
        if (bar >= ShortestBar)
        {
            var gone = (int)Math.Clamp(Math.Floor((1 - ((double)left / progress.TotalBytes)) * bar), 0, bar);
            _ = line.Add($"[{new string('#', gone)}{new string('.', bar - gone)}]", ScreenStyle.Soft);
        }
        rows.Add(4, line);
        Spark(rows, "", picture.History.Remaining, picture, columns);
    }

    private static void Rates(ScreenRows rows, MigrationPicture picture, int columns)
    {
        if (picture.BytesPerSecond is { } rate)
        {
            rows.Add(5, Row("rate").AddWhole(columns, ForPeople.BitRate(rate).PadRight(Value)));
            Spark(rows, "", picture.History.Rates, picture, columns);
        }
        if (picture.Progress.DirtyBytesPerSecond is { } dirty)
            rows.Add(6, Row("dirtied").AddWhole(columns, ForPeople.Rate(dirty).PadRight(Value)).AddWhole(columns, "by the guest, while it runs", ScreenStyle.Soft));
    }

    private static void Spark(ScreenRows rows, string name, IReadOnlyList<double> values, MigrationPicture picture, int columns)
    {
        if (Sparkline.Of(values, columns - Name - Value, picture.Unicode) is { Length: > 0 } spark)
            rows.Add(8, Row(name).Add("over time".PadRight(Value), ScreenStyle.Soft).AddWhole(columns, spark));
    }

    private static ScreenLine Blackout(MigrationProgress progress, TimeSpan limit, int columns)
    {
        var line = Row("blackout");
        if (progress.ExpectedDowntime is not { } expected)
            return line.AddWhole(columns, "not known yet".PadRight(Value)).AddWhole(columns, $"limit {ForPeople.Time(limit)}", ScreenStyle.Soft);
        var fits = expected <= limit;
        _ = line.AddWhole(columns, ForPeople.Time(expected).PadRight(Value), fits ? ScreenStyle.Good : ScreenStyle.Bad);
        _ = line.AddWhole(columns, $"{(fits ? "fits" : "over")} {ForPeople.Time(limit)}");
        if (ProgressLine.Range(progress.Forecast) is { } range) _ = line.AddWhole(columns, $", {range}", ScreenStyle.Soft);
        return line;
    }

    private static ScreenLine Row(string name) => new ScreenLine().Add(name.PadRight(Name), ScreenStyle.Soft);
}
