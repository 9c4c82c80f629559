using DataPlane.Control.Convergence;
using DataPlane.Results;
using DataPlane.Tools.Predict.Virtual;

namespace DataPlane.Tools.Predict;

/// <summary>Tells how a migration would go, by carrying it out in virtual time, and what would make it fit. Takes some milliseconds of one core for each try. Pure.</summary>
public static class Predictor
{
    // Rates of links and guests from one minute to the next; what the verdict has to stand.
    private const double Uncertain = 0.1;

    /// <summary>The prediction. Throws <see cref="ArgumentException"/> where the options do not hold together.</summary>
    public static Prediction Run(PredictOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Validate() is { Count: > 0 } faults) throw new ArgumentException(string.Join(' ', faults), nameof(options));
        var expected = new VirtualMigration(options).Run();
        VirtualOutcome[] others = [new VirtualMigration(Changed(options, -Uncertain)).Run(), new VirtualMigration(Changed(options, Uncertain)).Run()];
        var verdict = VerdictOf(expected, options);
        return new Prediction
        {
            Verdict = verdict,
            Reason = Why(expected, options),
            IsSure = others.All(other => VerdictOf(other, options) == verdict),
            TotalTime = Range(expected.Total, others.Select(other => other.Total)),
            Downtime = expected.Moves ? Downtime(expected, others) : null,
            Forecast = expected.Moves ? DowntimeForecast.Of(expected.Forecast) : null,
            DowntimeLimit = options.Migration.DowntimeLimit.TotalMilliseconds,
            Bottleneck = expected.Bottleneck,
            Channels = Channels(options),
            Compression = expected.Codec,
            LinkBytesPerSecond = options.Link.Of(Channels(options)),
            CpuThrottlePercentage = expected.Throttle,
            StillSinceMs = expected.StillSince?.TotalMilliseconds,
            Passes = expected.Passes,
            Advice = verdict == PredictVerdict.Fits ? [] : [.. new Adviser(options).Advise()],
            Inputs = options.Inputs,
        };
    }

    internal static int Channels(PredictOptions options) => options.Migration.Channels ?? DataPlane.Options.DefaultChannels.Count;

    private static PredictVerdict VerdictOf(VirtualOutcome outcome, PredictOptions options) =>
        outcome.Fits(options.Migration) ? PredictVerdict.Fits : outcome.Moves ? PredictVerdict.OverLimit : PredictVerdict.Stays;

    private static PredictOptions Changed(PredictOptions options, double by) => options with
    {
        Link = options.Link.Times(1 + by),
        Guest = options.Guest with { DirtyBytesPerSecond = options.Guest.DirtyBytesPerSecond * (1 - by) },
    };

    private static string Why(VirtualOutcome outcome, PredictOptions options)
    {
        var reason = outcome.Decision.Reason;
        if (outcome.Fits(options.Migration)) return reason;
        return outcome.Trend == ConvergenceTrend.Hopeless && outcome.StillSince is not null
            ? $"{reason}; no pass leaves less, as the guest writes that much again while it is sent" : reason;
    }

    private static PredictRange Range(TimeSpan expected, IEnumerable<TimeSpan> others)
    {
        double[] all = [expected.TotalMilliseconds, .. others.Select(other => other.TotalMilliseconds)];
        return new PredictRange(all[0], all.Min(), all.Max());
    }

    private static PredictRange Downtime(VirtualOutcome expected, IEnumerable<VirtualOutcome> others)
    {
        var all = others.Where(other => other.Moves).Append(expected).Select(outcome => outcome.Forecast.Total).ToArray();
        return new PredictRange(
            expected.Forecast.Total.Expected.TotalMilliseconds, all.Min(total => total.Low.TotalMilliseconds), all.Max(total => total.High.TotalMilliseconds));
    }
}
