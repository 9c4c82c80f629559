using DataPlane.Cli.Units;
using DataPlane.Guests;

namespace DataPlane.Cli.Options;

/// <summary>Phases as people type them: <c>PATTERN:TIME[@RATE]</c>, separated by commas; <c>idle</c> is a pattern that writes nothing.</summary>
internal static class PhaseList
{
    /// <summary>What is accepted, for help and errors.</summary>
    public const string Form = "PATTERN:TIME or PATTERN:TIME@RATE, up to 64 of them separated by commas, each at least 1ms; PATTERN is " + Patterns + " or idle";

    /// <summary>The patterns that have a name.</summary>
    public const string Patterns = "uniform, sequential, hotcold, zipf, burst";

    private const string Idle = "idle";
    private static readonly TimeSpan _least = TimeSpan.FromMilliseconds(1), _most = TimeSpan.FromDays(1);

    public static bool TryReadPattern(string text, out DirtyPattern pattern) =>
        Readers.Member<DirtyPattern>()(text, out pattern) && pattern != DirtyPattern.Replay;

    public static bool TryRead(string text, out IReadOnlyList<DirtyPhase>? phases)
    {
        var read = new List<DirtyPhase>();
        phases = read;
        foreach (var part in text.Split(','))
        {
            if (!TryReadPhase(part, out var phase)) return false;
            read.Add(phase!);
        }
        return read.Count <= DirtyOrders.MaxPhases;
    }

    private static bool TryReadPhase(string text, out DirtyPhase? phase)
    {
        phase = null;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0) return false;
        var (name, rest) = (text[..colon], text[(colon + 1)..].Split('@'));
        var pattern = DirtyPattern.Uniform;
        if (name != Idle && !TryReadPattern(name, out pattern)) return false;
        if (rest.Length > (name == Idle ? 1 : 2) || !Duration.TryParse(rest[0], out var time) || time < _least || time > _most) return false;
        long? rate = name == Idle ? 0 : null;
        if (rest.Length == 2)
        {
            if (!DirtyRates.TryRead(rest[1], out var given)) return false;
            rate = given;
        }
        phase = new DirtyPhase(pattern, time, rate);
        return true;
    }
}
