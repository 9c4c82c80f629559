using System.Globalization;
using DataPlane.Cli.Report.Markup;
using DataPlane.Results;

namespace DataPlane.Cli.Report.Sections;

/// <summary>What it ran on and with which options.</summary>
internal static class EnvironmentSection
{
    public static void Write(Html html, EnvironmentReport? environment)
    {
        if (environment is null) return;
        html.Element("h3", "Environment and options");
        new HtmlTable(html, "Host", "what", "value")
            .Row("version", environment.Version).Row("runtime", environment.Runtime).Row("CPU", environment.Cpu)
            .Row("cores it may use", environment.Cores.ToString(CultureInfo.InvariantCulture)).Row("kernel", environment.Kernel).End();
        if (environment.Options.Count == 0) return;
        var table = new HtmlTable(html, "Options as in effect", "option", "value");
        foreach (var (name, value) in environment.Options.OrderBy(option => option.Key, StringComparer.Ordinal)) table.Row(name, value);
        table.End();
    }
}
