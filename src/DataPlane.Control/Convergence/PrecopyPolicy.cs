using System.Globalization;
using DataPlane.Control.Forecast;

namespace DataPlane.Control.Convergence;

/// <summary>
/// When to stop the guest: as soon as the whole blackout that is to be expected is within the downtime limit and another pass would not leave
/// less than half; and when no memory is left, since more passes gain nothing then. It is never stopped where the host's own word for its devices misses the limit, or where the
/// blackout would be called off half-way, unless the user says to force it. Pure.
/// </summary>
/// <remarks>
/// Left out: the spread of the forecast. The limit is aimed for; who wants it kept sets a hard one. What has never been measured and is not
/// declared (the steps of a first blackout) counts in the sum but never refuses by itself: a guess must not.
/// </remarks>
internal static class PrecopyPolicy
{
    // A pass takes about as long as the blackout that it makes shorter by half or more, while the guest runs. Below this there is little to gain.
    private static readonly TimeSpan WorthAPass = TimeSpan.FromMilliseconds(1);

    public static PrecopyDecision Decide(in PrecopySnapshot now)
    {
        var forecast = now.Forecast;
        var late = now.Elapsed >= now.Timeout;
        var forced = late ? now.ForceOnTimeout : now is { OnStall: StallPolicy.Force, Trend: ConvergenceTrend.Stalled or ConvergenceTrend.Hopeless };
        if (forecast.Declared > now.HardLimit || (forecast.Declared > now.DowntimeLimit && !now.ForceOnTimeout && now.OnStall != StallPolicy.Force))
            return Is(PrecopyVerdict.Refuse, now, $"the devices take {Ms(forecast.Declared)} ms by themselves, as they and the bandwidth were declared, and no pass makes that less than the {Ms(forecast.Declared > now.HardLimit ? now.HardLimit.Value : now.DowntimeLimit)} ms allowed");
        var calledOff = WouldBeCalledOff(forecast, now.HardLimit);
        var misses = calledOff
            ? $"{Describe(now, forecast.Total.Expected > now.DowntimeLimit ? "do not fit within" : "fit within")}, give or take {Ms(forecast.Total.Deviation)} ms, and would be called off at {Ms(now.HardLimit!.Value)} ms"
            : Describe(now, "do not fit within");
        if (calledOff && forced) return Is(PrecopyVerdict.Refuse, now, misses);
        // What was measured a moment ago, as round trips are, may be otherwise in the next: only when it stays so is it final.
        if (calledOff && now.RemainingBytes == 0)
            return Is(late || now.Trend is ConvergenceTrend.Stalled or ConvergenceTrend.Hopeless ? PrecopyVerdict.Refuse : PrecopyVerdict.Continue, now, misses);
        if (now.RemainingBytes == 0) return Is(PrecopyVerdict.Switch, now, "no memory is left to send");
        if (!calledOff && forecast.Known && forecast.Total.Expected <= now.DowntimeLimit)
            return !late && now.NextPassLeavesBytes < now.RemainingBytes / 2 && forecast.Memory > WorthAPass
                ? Is(PrecopyVerdict.Continue, now, string.Create(CultureInfo.InvariantCulture, $"{Describe(now, "fit within")}, but another pass is to leave {now.NextPassLeavesBytes:0} bytes")) with { FitsAlready = true }
                : Is(PrecopyVerdict.Switch, now, Describe(now, "fit within"));
        if (late)
            return Is(forced ? PrecopyVerdict.Force : PrecopyVerdict.GiveUp, now, $"{misses} after {Seconds(now.Elapsed)} s, the time allowed");
        return now.Trend is ConvergenceTrend.Stalled or ConvergenceTrend.Hopeless ? Stuck(now, misses) : Is(PrecopyVerdict.Continue, now, misses);
    }

    /// <summary>The blackout aimed for: no longer than what is not called off.</summary>
    public static TimeSpan Aim(TimeSpan downtimeLimit, TimeSpan? hardLimit) => hardLimit < downtimeLimit ? hardLimit.Value : downtimeLimit;

    /// <summary>Whether stopping the guest is to end in an abort. With a deviation: what is as likely to be called off as not is not begun.</summary>
    public static bool WouldBeCalledOff(BlackoutForecast forecast, TimeSpan? hardLimit) =>
        hardLimit is { } hard && forecast.Known && forecast.Total.Expected + forecast.Total.Deviation > hard;

    private static PrecopyDecision Stuck(in PrecopySnapshot now, string misses)
    {
        var stuck = now.Trend == ConvergenceTrend.Hopeless
            ? $"{misses}; hopeless: the guest's working set is more than fits, for {Seconds(now.NotFallenFor)} s"
            : $"{misses}; stalled: no less is left since {Seconds(now.NotFallenFor)} s";
        return now.OnStall switch
        {
            StallPolicy.Minimum when now.AtMinimum && !WouldBeCalledOff(now.Forecast, now.HardLimit) => Is(PrecopyVerdict.Force, now, $"{stuck}; about as little as it ever was"),
            StallPolicy.Force => Is(PrecopyVerdict.Force, now, stuck),
            StallPolicy.Cancel => Is(PrecopyVerdict.GiveUp, now, stuck),
            StallPolicy.Ask => Is(PrecopyVerdict.Ask, now, stuck),
            StallPolicy.Throttle when now.ThrottleExhausted => Is(PrecopyVerdict.Continue, now, $"{stuck}; the guest cannot be slowed down further"),
            _ => Is(PrecopyVerdict.Continue, now, stuck),
        };
    }

    private static PrecopyDecision Is(PrecopyVerdict verdict, in PrecopySnapshot now, string reason) => new(verdict, now.Forecast, reason);

    private static string Shrunk(in PrecopySnapshot now) =>
        now.WireBytesPerByte < 0.995 ? string.Create(CultureInfo.InvariantCulture, $", {now.WireBytesPerByte:0.##} of that on the wire,") : "";

    private static string Describe(in PrecopySnapshot now, string relation)
    {
        if (now.Forecast.Memory is not { } memory)
            return string.Create(CultureInfo.InvariantCulture, $"{now.RemainingBytes} bytes are left and no bandwidth is known yet");
        var total = now.Forecast.Total.Expected;
        var rate = now.Rate.BytesPerSecond is { } known
            ? string.Create(CultureInfo.InvariantCulture, $"{now.Rate.Origin} {known / 1e6:0.#} MB/s") : "the channels' pace";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{now.RemainingBytes} bytes{Shrunk(now)} at {rate} take {Ms(memory)} ms, with all else {Ms(total)} ms, and {relation} {Ms(now.DowntimeLimit)} ms");
    }

    private static string Ms(TimeSpan time) => time.TotalMilliseconds.ToString("0.###", CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
}
