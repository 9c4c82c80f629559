using DataPlane.Cli.Output;
using DataPlane.Cli.Report.Markup;
using DataPlane.Cli.Units;
using DataPlane.Results;

namespace DataPlane.Cli.Report.Sections;

/// <summary>What bounded the passes, and the rates from which that can be checked.</summary>
internal static class BoundSection
{
    public static void Write(Html html, MigrationResult result)
    {
        var rates = result.Bandwidth is { } bandwidth ? Known(bandwidth) : [];
        if (result.Bottleneck is null && rates.Length == 0) return;
        html.Element("h3", "What bounded it");
        if (result.Bottleneck is { } bottleneck) html.Element("p", BottleneckWords.Of(bottleneck) + ".");
        if (rates.Length == 0) return;
        var table = new HtmlTable(html, "Rates", "rate", " value");
        foreach (var (name, rate) in rates) table.Row(name, ForPeople.BitRate(rate!.Value));
        table.End();
    }

    private static (string Name, double? Rate)[] Known(BandwidthReport rates) =>
    [
        .. new (string Name, double? Rate)[]
        {
            ("declared for the switchover", rates.DeclaredBytesPerSecond),
            ("measured while the link was the limit", rates.LinkLimitedBytesPerSecond),
            ("measured while something else was", rates.SourceLimitedBytesPerSecond),
            ("achieved by the probe", rates.ProbeBytesPerSecond),
            ("achieved with the guest stopped", rates.SwitchoverBytesPerSecond),
        }.Where(rate => rate.Rate is not null),
    ];
}
