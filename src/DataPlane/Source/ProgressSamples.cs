using DataPlane.Core.Memory;
using DataPlane.Results;
using DataPlane.Sessions;

namespace DataPlane.Source;

/// <summary>
/// How the passes stood from time to time, for the result. Looked at where something happens anyway: at acknowledgements and in the watch's rounds, so also
/// when nothing moves. None is taken while the guest stands still. For any thread.
/// </summary>
internal sealed class ProgressSamples(SourceState state)
{
    private const int Most = 120;
    private const long FirstInterval = 20_000_000; // Nanoseconds.

    /// <summary>Counting marked pages takes 3 ms for a guest of 1 TiB: it may take a fiftieth of the time.</summary>
    private const int CostShare = 50;

    private readonly Lock _gate = new();
    private readonly SampleSeries<Sample> _series = new(Most, FirstInterval, CostShare);

    /// <summary>Takes a sample where it is time for one. Between two of them it costs a comparison.</summary>
    public void Look()
    {
        if (state.Status != MigrationStatus.Active) return;
        var now = state.Clock.Nanoseconds;
        if (!_series.IsDue(now) || !_gate.TryEnter()) return; // Whoever has entered is at it.
        try
        {
            var sample = Take(now);
            _series.Add(sample, now, state.Clock.Nanoseconds - now);
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <summary>All of them, in the order of time.</summary>
    public IReadOnlyList<ProgressSample> Report()
    {
        lock (_gate)
        {
            var samples = new List<ProgressSample>();
            var (before, sent) = (state.SetUp, 0L);
            foreach (var sample in _series.All)
            {
                samples.Add(new ProgressSample(
                    SessionClock.Milliseconds(sample.At - state.Started), sample.SentBytes, sample.RemainingBytes,
                    PassLog.PerSecond(sample.SentBytes - sent, TimeSpan.FromMicroseconds((sample.At - before) / 1e3)), sample.DirtyBytesPerSecond, sample.ExpectedMs));
                (before, sent) = (sample.At, sample.SentBytes);
            }
            return samples;
        }
    }

    private Sample Take(long now)
    {
        var forecast = state.Forecast?.Now();
        return new Sample(
            now, CrewTotals.Of(state.Crew!).WireBytes, state.Bitmap.Count() * PageGeometry.PageSize, state.DirtyBytesPerSecond,
            forecast is { Known: true } ? forecast.Total.Expected.TotalMilliseconds : null);
    }

    private readonly record struct Sample(long At, long SentBytes, long RemainingBytes, double? DirtyBytesPerSecond, double? ExpectedMs);
}
