using DataPlane.Core.Memory;
using DataPlane.Results;
using DataPlane.Sessions;

namespace DataPlane.Source;

/// <summary>
/// How the passes stood from time to time, for the result. Looked at where something happens anyway: at acknowledgements and in the watch's rounds, so also
/// when nothing moves. There are some hundred samples at most: where that many are there, every other one goes, and the next come half as often. None is
/// taken while the guest stands still. For any thread.
/// </summary>
internal sealed class ProgressSamples(SourceState state)
{
    private const int Most = 120;

    /// <summary>Counting marked pages takes 3 ms for a guest of 1 TiB: it may take a fiftieth of the time.</summary>
    private const int CostShare = 50;

    private const long FirstIntervalNanoseconds = 20_000_000;

    private readonly Lock _gate = new();
    private readonly Sample[] _samples = new Sample[Most];
    private int _count;
    private long _interval = FirstIntervalNanoseconds;
    private long _next;

    /// <summary>Takes a sample where it is time for one. Between two of them it costs a comparison.</summary>
    public void Look()
    {
        if (state.Status != MigrationStatus.Active) return;
        var now = state.Clock.Nanoseconds;
        if (now < Volatile.Read(ref _next) || !_gate.TryEnter()) return;
        try
        {
            Take(now);
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
            var samples = new ProgressSample[_count];
            var (before, sent) = (state.SetUp, 0L);
            for (var i = 0; i < _count; i++)
            {
                var sample = _samples[i];
                samples[i] = new ProgressSample(
                    SessionClock.Milliseconds(sample.At - state.Started), sample.SentBytes, sample.RemainingBytes,
                    PassLog.PerSecond(sample.SentBytes - sent, TimeSpan.FromMicroseconds((sample.At - before) / 1e3)), sample.DirtyBytesPerSecond, sample.ExpectedMs);
                (before, sent) = (sample.At, sample.SentBytes);
            }
            return samples;
        }
    }

    private void Take(long now)
    {
        if (_count == Most)
        {
            for (var i = 0; i < Most / 2; i++) _samples[i] = _samples[2 * i];
            _count = Most / 2;
            _interval *= 2;
        }
        var forecast = state.Forecast?.Now();
        _samples[_count++] = new Sample(
            now, CrewTotals.Of(state.Crew!).WireBytes, state.Bitmap.Count() * PageGeometry.PageSize, state.DirtyBytesPerSecond,
            forecast is { Known: true } ? forecast.Total.Expected.TotalMilliseconds : null);
        Volatile.Write(ref _next, now + Math.Max(_interval, CostShare * (state.Clock.Nanoseconds - now)));
    }

    private readonly record struct Sample(long At, long SentBytes, long RemainingBytes, double? DirtyBytesPerSecond, double? ExpectedMs);
}
