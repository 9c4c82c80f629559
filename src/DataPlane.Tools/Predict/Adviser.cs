using System.Globalization;
using DataPlane.Options;
using DataPlane.Tools.Predict.Virtual;

namespace DataPlane.Tools.Predict;

/// <summary>Looks for what would make a migration fit: turns one knob at a time, and tries out in virtual time what it is about to say.</summary>
internal sealed class Adviser(PredictOptions options)
{
    private const double MostTimes = 64;
    private const double MostLimitMs = 2_000_000;

    // What is found is rounded up to two figures, so that it need not be known better.
    private const double Close = 1.03;

    private static readonly int[] ChannelCounts = [2, 4, 8, 16, 32, 64];

    public IEnumerable<PredictAdvice> Advise()
    {
        PredictAdvice?[] found =
        [
            .. Enum.GetValues<PageCompression>().Where(codec => codec is not PageCompression.None && codec != options.Migration.Compression)
                .Select(codec => Try("compression", $"--compression {codec.ToString().ToLowerInvariant()}", WithMigration(migration => migration with { Compression = codec }))),
            Channels(),
            DowntimeLimit(),
            options.Migration.MaxBytesPerSecond is null ? null
                : Try("max-bandwidth", "--max-bandwidth unlimited", WithMigration(migration => migration with { MaxBytesPerSecond = null })),
            options.Migration.AvailSwitchoverBytesPerSecond is null ? null
                : Try("avail-switchover-bandwidth", "--avail-switchover-bandwidth measured", WithMigration(migration => migration with { AvailSwitchoverBytesPerSecond = null })),
            Link(),
            options.Migration.OnStall == StallHandling.Throttle ? null
                : Try("on-stall", "--on-stall throttle", WithMigration(migration => migration with { OnStall = StallHandling.Throttle })),
            Timeout(),
            Writes(),
        ];
        return found.OfType<PredictAdvice>();
    }

    private PredictOptions WithMigration(Func<MigrationOptions, MigrationOptions> change) => options with { Migration = change(options.Migration) };

    private PredictAdvice? Channels()
    {
        var now = Predictor.Channels(options);
        return ChannelCounts.Where(count => count > now)
            .Select(count => Try("channels", Invariant($"--channels {count}"), WithMigration(migration => migration with { Channels = count })))
            .FirstOrDefault(advice => advice is not null);
    }

    private PredictAdvice? DowntimeLimit()
    {
        var now = options.Migration.DowntimeLimit.TotalMilliseconds;
        PredictAdvice? At(double ms) => Try("downtime-limit", $"--downtime-limit {Time(ms)}", WithMigration(migration => migration with { DowntimeLimit = TimeSpan.FromMilliseconds(ms) }));
        return Least(now, MostLimitMs, At);
    }

    private PredictAdvice? Link()
    {
        var now = options.Link.Of(Predictor.Channels(options)) * 8;
        PredictAdvice? At(double bits) => Try("link", $"a link of {Bits(bits)}", options with { Link = options.Link.Times(bits / now) });
        return Least(now, now * MostTimes, At);
    }

    private PredictAdvice? Timeout()
    {
        var now = options.Migration.Timeout.TotalMilliseconds;
        PredictAdvice? At(double ms) => Try("timeout", $"--timeout {Time(ms)}", WithMigration(migration => migration with { Timeout = TimeSpan.FromMilliseconds(ms) }));
        return Least(now, Math.Min(now * MostTimes, TimeSpan.FromDays(30).TotalMilliseconds), At);
    }

    private PredictAdvice? Writes()
    {
        if (options.Guest.Trace is not null || options.Guest.DirtyBytesPerSecond <= 0) return null;
        var now = options.Guest.DirtyBytesPerSecond;
        PredictAdvice? At(double slower) => Try("dirty", $"a guest that writes {Bytes(now / slower)} or less", options with { Guest = options.Guest with { DirtyBytesPerSecond = Floor(now / slower) } });
        return Least(1, MostTimes, At, round: false);
    }

    /// <summary>
    /// The least value above <paramref name="now"/> that fits, closely: doubled until it does, then halved between. What comes out is rounded up, and tried as rounded.
    /// </summary>
    private static PredictAdvice? Least(double now, double most, Func<double, PredictAdvice?> at, bool round = true)
    {
        double low = now, high = now;
        PredictAdvice? found = null;
        while (found is null && high < most)
        {
            high = Math.Min(high * 2, most);
            found = at(round ? Ceiling(high) : high);
            if (found is null) low = high;
        }
        if (found is null) return null;
        while (high / low > Close)
        {
            var middle = Math.Sqrt(high * low);
            if (at(round ? Ceiling(middle) : middle) is { } fits) (high, found) = (middle, fits);
            else low = middle;
        }
        return found;
    }

    private static PredictAdvice? Try(string knob, string change, PredictOptions changed)
    {
        if (changed.Validate().Count > 0) return null;
        var outcome = new VirtualMigration(changed).Run();
        return outcome.Fits(changed.Migration)
            ? new PredictAdvice(knob, change, outcome.Total.TotalMilliseconds, outcome.Forecast.Total.Expected.TotalMilliseconds, outcome.Throttle) : null;
    }

    /// <summary>Up to two figures.</summary>
    private static double Ceiling(double value)
    {
        var unit = Math.Pow(10, Math.Floor(Math.Log10(value)) - 1);
        return Math.Round(Math.Ceiling((value / unit) - 1e-9) * unit, 9);
    }

    private static double Floor(double value)
    {
        var unit = Math.Pow(10, Math.Floor(Math.Log10(value)) - 1);
        return Math.Floor((value / unit) + 1e-9) * unit;
    }

    private static string Time(double ms) => ms < 1 ? Invariant($"{ms * 1e3:0}us") : ms % 1000 == 0 ? Invariant($"{ms / 1e3:0}s") : ms % 1 == 0 ? Invariant($"{ms:0}ms") : Invariant($"{ms * 1e3:0}us");

    private static string Bits(double bits) => bits < 1e9 ? Invariant($"{bits / 1e6:0.###} Mbit/s") : Invariant($"{bits / 1e9:0.###} Gbit/s");

    private static string Bytes(double bytes) => bytes < 1e6 ? Invariant($"{Floor(bytes) / 1e3:0.###} kB/s") : Invariant($"{Floor(bytes) / 1e6:0.###} MB/s");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
