using DataPlane.Cli.Output;
using DataPlane.Cli.Report.Markup;
using DataPlane.Cli.Units;
using DataPlane.Core.Errors;
using DataPlane.Results;

namespace DataPlane.Cli.Report.Sections;

/// <summary>How it ended, whether the blackout kept its limit, and why not where not.</summary>
internal static class VerdictSection
{
    public static void Write(Html html, MigrationResult result, GuestWork? work)
    {
        html.Open("div", ("class", IsGood(result) ? "verdict good" : "verdict bad")).Element("p", Capital(Summary.Headline(result)), ("class", "headline"));
        if (Blackout(result) is { } blackout) html.Element("p", blackout);
        if (Forecast(result) is { } forecast) html.Element("p", forecast);
        if (GuestWorkSection.Sentence(work) is { } slower) html.Element("p", slower);
        if (result.Bottleneck is { } bound) html.Element("p", $"Bound by {BottleneckWords.Of(bound)}.");
        if (Comparison(result.Verify) is { } verify) html.Element("p", verify);
        if (result.Error is { } error)
        {
            html.Element("p", new MigrationError(error.Code, error.Side, error.Step, error.Message, error.PeerMessage).ToString());
        }
        foreach (var warning in result.Warnings) html.Element("p", "Warning: " + warning);
        html.Close("div");
        Figures(html, result);
        if (result.Attempts.Count == 0) return;
        var table = new HtmlTable(html, "Attempts before", " attempt", " took", " guest stood still", " expected", " on the wire", "why it was not the last");
        foreach (var attempt in result.Attempts)
            table.Row(ForPeople.Count(attempt.Attempt), Time(attempt.TotalTime), Time(attempt.Downtime), Time(attempt.ExpectedDowntime),
                attempt.Ram is { } ram ? ForPeople.Size(ram.Transferred) : null, attempt.Error?.Message);
        table.End();
    }

    /// <summary>Whether it completed, kept its limits, and no page differs.</summary>
    public static bool IsGood(MigrationResult result) =>
        result.Status == MigrationStatus.Completed && result.LimitExceededUs is not > 0 && result.Verify is not { Mismatched: > 0 }
        && !(result.Downtime > result.DowntimeLimit);

    private static void Figures(Html html, MigrationResult result)
    {
        var table = new HtmlTable(html, "In numbers", "figure", " value");
        Add("status", result.Status.ToString().ToLowerInvariant());
        Add("attempt", ForPeople.Count(result.Attempt));
        Add("total time", Time(result.TotalTime));
        Add("of it setup", Time(result.SetupTime));
        Add("blackout", Time(result.Downtime));
        Add("blackout expected at the decision", Time(result.ExpectedDowntime));
        Add("downtime limit", Time(result.DowntimeLimit));
        Add("switchover limit", Time(result.SwitchoverLimit));
        Add("over the hard limit by", result.LimitExceededUs is { } over ? $"{ForPeople.Microseconds(over)} us" : null);
        Add("guest memory", result.Ram is { } ram ? ForPeople.Size(ram.Total) : null);
        Add("on the wire", result.Ram is { } sent ? ForPeople.Size(sent.Transferred) : null);
        Add("throughput over the passes", result.Ram?.Mbps is { } megabits ? ForPeople.BitRate(megabits * 125_000) : null);
        Add("CPU of the source", Seconds(result.Cpu?.SourceSeconds));
        Add("CPU of the destination", Seconds(result.Cpu?.DestinationSeconds));
        table.End();

        void Add(string name, string? value)
        {
            if (value is not null) table.Row(name, value);
        }
    }

    private static string? Blackout(MigrationResult result) => (result.Downtime, result.DowntimeLimit) switch
    {
        ({ } took, { } limit) when took <= limit => $"Blackout {ForPeople.Milliseconds(took)}, within the limit of {ForPeople.Milliseconds(limit)}.",
        ({ } took, { } limit) => $"Blackout {ForPeople.Milliseconds(took)}, over the limit of {ForPeople.Milliseconds(limit)}.",
        ({ } took, null) => $"Blackout {ForPeople.Milliseconds(took)}; no limit is known on this side.",
        _ => null,
    };

    private static string? Forecast(MigrationResult result)
    {
        if (result.ExpectedDowntime is not { } expected || result.Downtime is not { } took) return null;
        var range = result.Forecast is { } forecast
            ? $" (between {ForPeople.Milliseconds(forecast.LowUs / 1000)} and {ForPeople.Milliseconds(forecast.HighUs / 1000)})" : "";
        var error = result.ForecastErrorPercent is { } percent
            ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $": {Math.Abs(percent):0.#} % {(percent < 0 ? "less" : "more")} than expected") : "";
        return $"Forecast {ForPeople.Milliseconds(expected)}{range}, outcome {ForPeople.Milliseconds(took)}{error}.";
    }

    private static string? Comparison(VerifyReport? verify) => verify is null ? null
        : verify.Mode == DataPlane.Options.VerifyMode.Full ? $"Every page compared: {ForPeople.Count(verify.Pages)}, of which {ForPeople.Count(verify.Mismatched)} differ."
        : "Headers, counts and device state agreed on both sides.";

    private static string? Time(double? milliseconds) => milliseconds is { } known ? ForPeople.Milliseconds(known) : null;

    private static string? Seconds(double? seconds) => seconds is { } known ? ForPeople.Milliseconds(known * 1000) : null;

    private static string Capital(string sentence) => char.ToUpperInvariant(sentence[0]) + sentence[1..] + ".";
}
