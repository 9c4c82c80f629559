using DataPlane.Results;

namespace DataPlane.Cli.Output.Live;

/// <summary>
/// What several looks at a migration tell together: rates of the last second, of each channel too, and how it has gone from the beginning. Begins anew with each attempt.
/// Not for several threads.
/// </summary>
internal sealed class ProgressHistory
{
    private const int MostPoints = 48;

    private static readonly TimeSpan _recent = TimeSpan.FromSeconds(1);

    /// <summary>Less apart, two looks tell more of the moment at which they were taken than of a rate.</summary>
    private static readonly TimeSpan _least = TimeSpan.FromMilliseconds(180);

    private static readonly TimeSpan _shortest = TimeSpan.FromMilliseconds(200);

    private readonly Queue<MigrationProgress> _looks = new();
    private ThinnedSeries _rates = new(MostPoints, _shortest);
    private ThinnedSeries _remaining = new(MostPoints, _shortest);
    private MigrationProgress? _last;

    /// <summary>Bytes per second on the wire; null before there are two looks.</summary>
    public double? BytesPerSecond { get; private set; }

    public IReadOnlyList<ChannelPace> Channels { get; private set; } = [];

    /// <summary>Bytes per second from the beginning on.</summary>
    public IReadOnlyList<double> Rates => _rates.Points;

    /// <summary>Bytes marked and not yet sent from the beginning on; empty where they are not known.</summary>
    public IReadOnlyList<double> Remaining => _remaining.Points;

    public void Add(MigrationProgress now)
    {
        if (_last is not null && (now.Attempt != _last.Attempt || now.Elapsed < _last.Elapsed)) Forget();
        _last = now;
        while (_looks.Count > 1 && now.Elapsed - _looks.Peek().Elapsed > _recent) _ = _looks.Dequeue();
        var before = _looks.Count > 0 ? _looks.Peek() : null;
        if (before is null || now.Channels.Count != before.Channels.Count) _looks.Clear();
        _looks.Enqueue(now);
        var time = before is not null && now.Channels.Count == before.Channels.Count ? now.Elapsed - before.Elapsed : TimeSpan.Zero;
        BytesPerSecond = time >= _least ? (now.TransferredBytes - before!.TransferredBytes) / time.TotalSeconds : null;
        Channels = [.. now.Channels.Select((channel, i) => time >= _least ? Pace(before!.Channels[i], channel, time) : new ChannelPace(channel.Channel, channel.WireBytes, null, null, null))];
        if (BytesPerSecond is { } rate) _rates.Add(now.Elapsed, rate);
        if (now is { Pass: > 0, RemainingBytes: { } left }) _remaining.Add(now.Elapsed, left);
    }

    private static ChannelPace Pace(ChannelProgress before, ChannelProgress now, TimeSpan time)
    {
        // A channel says what it did when it has done it: from one that is still at something long, nothing is known of this time.
        var told = now.BusyMs - before.BusyMs + now.IdleMs - before.IdleMs;
        var known = told >= time.TotalMilliseconds / 2;
        return new ChannelPace(
            now.Channel, now.WireBytes, (now.WireBytes - before.WireBytes) / time.TotalSeconds,
            known ? (now.BlockedMs - before.BlockedMs) / told : null, known ? (now.IdleMs - before.IdleMs) / told : null);
    }

    private void Forget()
    {
        _looks.Clear();
        _rates = new ThinnedSeries(MostPoints, _shortest);
        _remaining = new ThinnedSeries(MostPoints, _shortest);
    }
}
