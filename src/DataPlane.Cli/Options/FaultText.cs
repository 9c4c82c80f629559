using System.Globalization;
using DataPlane.Cli.Units;
using DataPlane.Tools.Shaping;

namespace DataPlane.Cli.Options;

/// <summary>One fault of a link as people write it: <c>reset data at 512MiB</c>, <c>stall all at 2s for 300ms</c>, <c>flip 0.5/GB</c>, <c>silence control 2/h</c>.</summary>
internal static class FaultText
{
    /// <summary>What is accepted, for help and errors.</summary>
    public const string Form =
        "a FAULT: reset, close, silence, stall or flip; then any (default), control, data or all; then 'at SIZE', 'at TIME', 'N/h' or 'N/GB'; "
        + "a stall also 'for TIME'. Such as 'reset data at 512MiB', 'stall all at 2s for 300ms', 'flip 0.5/GB'";

    private const string PerHour = "/h", PerGigabyte = "/GB";

    private static readonly ValueReader<LinkFaultKind> _kind = Readers.Member<LinkFaultKind>();
    private static readonly ValueReader<LinkFaultTarget> _target = Readers.Member<LinkFaultTarget>();

    public static bool TryParse(string text, out LinkFault? fault)
    {
        fault = null;
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0 || !_kind(words[0], out var kind)) return false;
        words = words[1..];
        var target = LinkFaultTarget.Any;
        if (words.Length > 0 && _target(words[0], out var named)) (words, target) = (words[1..], named);
        TimeSpan? duration = null;
        if (words is [.. var rest, "for", var last])
        {
            if (!Duration.TryParse(last, out var time)) return false;
            (words, duration) = (rest, time);
        }
        var read = new LinkFault { Kind = kind, Target = target, Duration = duration };
        if (words is ["at", var point])
            // 5m are minutes, as everywhere, and 5M mebibytes.
            read = Duration.TryParse(point, out var time) ? read with { AtTime = time } : ByteSize.TryParse(point, out var bytes) ? read with { AtBytes = bytes } : read;
        else if (words is [var often])
            read = read with { PerHour = Number(often, PerHour), PerGigabyte = Number(often, PerGigabyte) };
        if (read.Validate().Count > 0) return false;
        fault = read;
        return true;
    }

    public static string Write(LinkFault fault)
    {
        var target = fault.Target == LinkFaultTarget.Any ? "" : $" {Readers.Name(fault.Target)}";
        var point = fault switch
        {
            { AtBytes: { } bytes } => $"at {(bytes == 0 ? "0B" : ByteSize.Write(bytes))}",
            { AtTime: { } time } => $"at {(time == TimeSpan.Zero ? "0s" : Duration.Write(time))}",
            { PerHour: { } often } => often.ToString(CultureInfo.InvariantCulture) + PerHour,
            _ => fault.PerGigabyte!.Value.ToString(CultureInfo.InvariantCulture) + PerGigabyte,
        };
        return $"{Readers.Name(fault.Kind)}{target} {point}{(fault.Duration is { } duration ? $" for {Duration.Write(duration)}" : "")}";
    }

    private static double? Number(string text, string unit) =>
        text.EndsWith(unit, StringComparison.Ordinal)
        && double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;
}
