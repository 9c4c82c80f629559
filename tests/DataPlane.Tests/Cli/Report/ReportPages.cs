using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using DataPlane.Results;
using Xunit;

namespace DataPlane.Tests.Cli.Report;

/// <summary>What holds for every page, and results to make some of.</summary>
internal static partial class ReportPages
{
    /// <summary>A completed run.</summary>
    public static MigrationResult Completed(double downtime = 10, double total = 1000, double mbps = 8000) => new()
    {
        Status = MigrationStatus.Completed, Downtime = downtime, TotalTime = total, DowntimeLimit = 300,
        Ram = new RamReport
        {
            Total = 1 << 20, Transferred = 2, Remaining = 3, Duplicate = 4, Normal = 5, NormalBytes = 6, DirtySyncCount = 7, MultifdBytes = 8, Mbps = mbps,
        },
    };

    /// <summary>Nothing is loaded, nothing runs, every element is one of this program's own, and opened ones are closed in order.</summary>
    public static void AssertSelfContained(string html)
    {
        var open = new Stack<string>();
        foreach (Match tag in Tag().Matches(html))
        {
            var name = tag.Groups["name"].Value;
            Assert.Contains(name, Own);
            if (name is "meta") continue;
            if (tag.Groups["end"].Success) Assert.Equal(open.Pop(), name);
            else open.Push(name);
            foreach (Match attribute in Attribute().Matches(tag.Value))
            {
                var (key, value) = (attribute.Groups[1].Value, attribute.Groups[2].Value);
                Assert.False(key is "src" or "style" or "srcset" or "action" or "data" || key.StartsWith("on", StringComparison.Ordinal), tag.Value);
                if (key == "href") Assert.StartsWith("#", value, StringComparison.Ordinal);
                if (name == "script" && key == "type") Assert.Equal("application/json", value);
            }
            if (name == "script" && !tag.Groups["end"].Success) Assert.Contains("type=", tag.Value, StringComparison.Ordinal);
        }
        Assert.Empty(open);
        var style = html[html.IndexOf("<style>", StringComparison.Ordinal)..html.IndexOf("</style>", StringComparison.Ordinal)];
        Assert.DoesNotContain("url(", style, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", style, StringComparison.Ordinal);
    }

    /// <summary>The first document inside.</summary>
    public static string Json(string html) => InsideScript().Match(html).Groups[1].Value;

    /// <summary>The value beside <paramref name="name"/> in a table of two columns.</summary>
    public static string Figure(string html, string name)
    {
        var row = Regex.Match(html, string.Create(CultureInfo.InvariantCulture, $@">{Regex.Escape(name)}</th>\s*<td[^>]*>([^<]*)<"));
        Assert.True(row.Success, name);
        return WebUtility.HtmlDecode(row.Groups[1].Value);
    }

    private static readonly string[] Own =
    [
        "html", "head", "meta", "title", "style", "body", "header", "main", "section", "nav", "div", "p", "a", "h1", "h2", "h3", "table", "caption", "thead",
        "tbody", "tr", "th", "td", "figure", "figcaption", "svg", "desc", "line", "rect", "circle", "polyline", "text", "script", "details", "summary", "pre",
    ];

    [GeneratedRegex("<(?<end>/)?(?<name>[a-zA-Z0-9]+)(?:\\s[^<>]*)?>")]
    private static partial Regex Tag();

    [GeneratedRegex("\\s([^\\s=]+)=\"([^\"]*)\"")]
    private static partial Regex Attribute();

    [GeneratedRegex("<script type=\"application/json\"[^>]*>(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex InsideScript();
}
