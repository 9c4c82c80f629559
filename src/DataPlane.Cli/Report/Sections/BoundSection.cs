using DataPlane.Cli.Report.Markup;
using DataPlane.Cli.Units;
using DataPlane.Results;

namespace DataPlane.Cli.Report.Sections;

/// <summary>What bounded the passes, and the rates from which that can be checked.</summary>
internal static class BoundSection
{
    public static void Write(Html html, MigrationResult result)
    {
        if (result.Bottleneck is null && result.Bandwidth is null) return;
        html.Element("h3", "What bounded it");
        if (result.Bottleneck is { } bottleneck) html.Element("p", Words(bottleneck));
        if (result.Bandwidth is not { } rates) return;
        var table = new HtmlTable(html, "Rates", "rate", " value");
        Add("declared for the switchover", rates.DeclaredBytesPerSecond);
        Add("measured while the link was the limit", rates.LinkLimitedBytesPerSecond);
        Add("measured while something else was", rates.SourceLimitedBytesPerSecond);
        Add("achieved by the probe", rates.ProbeBytesPerSecond);
        Add("achieved with the guest stopped", rates.SwitchoverBytesPerSecond);
        table.End();

        void Add(string name, double? rate)
        {
            if (rate is { } known) table.Row(name, ForPeople.BitRate(known));
        }
    }

    private static string Words(string bottleneck) => bottleneck switch
    {
        "network" => "network: channels waited for the link.",
        "scan" => "scan: the source's reading of memory was slower than the link.",
        "compress" => "compress: compressing was slower than the link.",
        "destination" => "destination: it took the pages more slowly than they could come.",
        "cap" => "cap: --max-bandwidth held the passes back.",
        _ => bottleneck,
    };
}
