using System.Text.RegularExpressions;
using DataPlane.Cli.Output.Live;
using DataPlane.Results;
using Xunit;

namespace DataPlane.Tests.Cli.Output;

public sealed partial class MigrationScreenTests
{
    [Fact]
    public void All_that_is_asked_first_is_on_one_screen_of_the_usual_size()
    {
        Assert.Equal(
            """
            active    2.0 s, pass 3
            sent      1.95 GiB      of a guest with 4 GiB
            left      40 MiB        [#######################################.]
                      over time     @##**++=--
            rate      8.39 Gbit/s
                      over time     @@@@@@@@@
            dirtied   200 MiB/s     by the guest, while it runs
            blackout  12.5 ms       fits 300 ms, 10 ms to 15 ms
            bound by  network: channels waited for the link
            channel         rate     so far  waits for
                  0  4.19 Gbit/s      1 GiB  the link 80 %, dirty pages 10 %, own work 10 %
                  1  4.19 Gbit/s   0.98 GiB  the link 80 %, dirty pages 10 %, own work 10 %
            """, Screen(80, 24));
    }

    [Theory]
    [InlineData(80, 24)]
    [InlineData(80, 12)]
    [InlineData(80, 6)]
    [InlineData(60, 24)]
    [InlineData(40, 10)]
    [InlineData(25, 5)]
    [InlineData(12, 3)]
    [InlineData(6, 2)]
    [InlineData(1, 1)]
    [InlineData(200, 60)]
    public void Whatever_the_size_nothing_is_wider_or_higher_and_no_number_is_cut(int columns, int rows)
    {
        foreach (var channels in (int[])[2, 64])
        {
            var lines = MigrationScreen.Lines(Picture(channels), new ScreenSize(columns, rows));
            Assert.InRange(lines.Count, 1, Math.Max(1, rows - 1));
            var whole = MigrationScreen.Lines(Picture(channels), new ScreenSize(500, 500)).Select(line => line.ToString()).ToList();
            var numbers = Number().Matches(string.Join('\n', whole)).Select(number => number.Value).ToHashSet();
            foreach (var line in lines)
            {
                Assert.True(line.Length < Math.Max(columns, 11), $"'{line}' is {line.Length} wide."); // A name of ten columns is cut by whoever draws.
                foreach (Match number in Number().Matches(line.ToString()))
                    Assert.True(numbers.Contains(number.Value) || line.ToString().Contains("more, faster", StringComparison.Ordinal), $"'{number.Value}' in '{line}'");
            }
        }
    }

    [Fact]
    public void In_little_room_the_phase_and_the_blackout_stay()
    {
        Assert.Equal("active    2.0 s, pass 3\nblackout  12.5 ms       fits 300 ms", Screen(40, 3));
    }

    [Fact]
    public void Of_many_channels_the_slowest_are_shown_and_the_others_counted()
    {
        var lines = MigrationScreen.Lines(Picture(64, slow: 50), new ScreenSize(80, 16)).Select(line => line.ToString()).ToList();
        Assert.Equal(15, lines.Count);
        Assert.Single(lines, line => line.StartsWith("     50 ", StringComparison.Ordinal));
        Assert.Contains("60 more, faster", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Blackout_over_the_limit_is_told_in_words_and_in_red()
    {
        var picture = Picture(2) with { Limit = TimeSpan.FromMilliseconds(5) };
        var line = MigrationScreen.Lines(picture, new ScreenSize(80, 24)).Single(line => line.ToString().StartsWith("blackout", StringComparison.Ordinal));
        Assert.Contains("over 5 ms", line.ToString(), StringComparison.Ordinal);
        Assert.Contains("\e[31m12.5 ms", line.Coloured(), StringComparison.Ordinal);
    }

    [Fact]
    public void Before_anything_is_known_nothing_is_invented()
    {
        var progress = new MigrationProgress { Status = MigrationStatus.Setup, Pass = 0, Elapsed = TimeSpan.FromSeconds(0.5), TotalBytes = 0, TransferredBytes = 0 };
        var history = new ProgressHistory();
        history.Add(progress);
        var lines = MigrationScreen.Lines(new MigrationPicture(progress, history, TimeSpan.FromMilliseconds(300)), new ScreenSize(80, 24));
        Assert.Equal("setup     0.5 s\nblackout  not known yet limit 300 ms", Text(lines));
    }

    [Fact]
    public void Destination_shows_what_comes()
    {
        var history = new ProgressHistory();
        MigrationProgress At(double seconds) => new()
        {
            Status = MigrationStatus.Active, Pass = 0, Elapsed = TimeSpan.FromSeconds(seconds), TotalBytes = 4L << 30, TransferredBytes = (long)(seconds * (1 << 30)),
            Channels = [new(0, (long)(seconds * (1 << 30)), null, null, null)],
        };
        history.Add(At(0.5));
        history.Add(At(1));
        var text = Text(MigrationScreen.Lines(new MigrationPicture(At(1), history, Limit: null), new ScreenSize(80, 24)));
        Assert.Equal(
            """
            active    1.0 s
            received  1 GiB         of a guest with 4 GiB
            rate      8.59 Gbit/s
            channel         rate     so far
                  0  8.59 Gbit/s      1 GiB
            """, text);
    }

    private static string Screen(int columns, int rows) => Text(MigrationScreen.Lines(Picture(2), new ScreenSize(columns, rows)));

    private static string Text(IReadOnlyList<ScreenLine> lines) => string.Join('\n', lines.Select(line => line.ToString().TrimEnd()));

    /// <summary>Two seconds of a migration at 1,000 MiB/s, a look every tenth.</summary>
    private static MigrationPicture Picture(int channels, int slow = -1)
    {
        var history = new ProgressHistory();
        MigrationProgress now = null!;
        for (var tenth = 0; tenth <= 20; tenth++)
        {
            var sent = tenth * (100L << 20);
            now = new MigrationProgress
            {
                Status = MigrationStatus.Active, Pass = 3, Elapsed = TimeSpan.FromSeconds(tenth / 10.0), TotalBytes = 4L << 30, TransferredBytes = sent,
                RemainingBytes = (40L << 20) + ((20 - tenth) * (5L << 20)), DirtyBytesPerSecond = 200 << 20, ExpectedDowntime = TimeSpan.FromMilliseconds(12.5),
                Forecast = new DowntimeForecast(12_500, 10_000, 15_000, []), Bottleneck = "network",
                Channels = [.. Enumerable.Range(0, channels).Select(channel => new ChannelProgress(
                    channel, (sent / channels / (channel == slow ? 10 : 1)) + (channel == 0 ? 24L << 20 : 0), tenth * 90, tenth * 80, tenth * 10))],
            };
            history.Add(now);
        }
        return new MigrationPicture(now, history, TimeSpan.FromMilliseconds(300));
    }

    [GeneratedRegex(@"[\d.,]+")]
    private static partial Regex Number();
}
