using System.Text.RegularExpressions;

namespace DataPlane.Native.Options;

/// <summary>Sentences about options name those of C#, the only ones that the library itself knows. Here they get the names of the header.</summary>
internal static partial class OptionNames
{
    private static readonly (string Library, string Header)[] _phrases =
    [
        ("OnStall is Ask, but AskOnStall is null", "on_stall is DP_ON_STALL_ASK, but dp_host.stalled is NULL"),
        ("or null for none", "or -1 for none"),
    ];

    /// <summary>Names in options of C# that are not those of the header with other letters.</summary>
    private static readonly Dictionary<string, string> _otherwise = new(StringComparer.Ordinal)
    {
        ["ChannelCores"] = "cores",
        ["DowntimeLimit"] = "downtime_limit_us",
        ["SwitchoverLimit"] = "switchover_limit_us",
        ["Timeout"] = "timeout_us",
        ["Retain"] = "retain_us",
        ["AcceptTimeout"] = "accept_timeout_us",
        ["ConnectTimeout"] = "connect_timeout_us",
        ["HandshakeTimeout"] = "handshake_timeout_us",
        ["IdleTimeout"] = "idle_timeout_us",
        ["HandoverTimeout"] = "handover_timeout_us",
    };

    public static string InC(string sentence)
    {
        foreach (var (library, header) in _phrases) sentence = sentence.Replace(library, header, StringComparison.Ordinal);
        return Name().Replace(sentence, match => Of(match.Value));
    }

    /// <summary>The header's name of the option <paramref name="name"/> of C#.</summary>
    public static string Of(string name) => _otherwise.TryGetValue(name, out var other) ? other : Capital().Replace(name, "_$0").TrimStart('_').ToLowerInvariant();

    // Sentences about an option begin with its name, which is followed by what it is; other words of two parts are names too.
    [GeneratedRegex(@"\b(?:(?:Channels|Compression|Integrity|Verify|Timeout|Retain|Retries|Probe|Arbiter|Congestion)(?= is\b| '|'s\b)|(?:[A-Z][a-z]+){2,}\b)")]
    private static partial Regex Name();

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Capital();
}
