namespace DataPlane.Bench.Transport.Sending;

/// <summary>As many threads as there are channels that do nothing but be woken together and answer; the last one wakes who waits.</summary>
internal sealed class BareThreads : IDisposable
{
    private readonly object _gate = new();
    private readonly ManualResetEventSlim _answered = new();
    private readonly Thread[] _threads;
    private readonly TimeSpan _soon;
    private int _round;
    private int _left;
    private bool _ended;

    /// <param name="count">How many.</param>
    /// <param name="soon">After this long without all answers something is broken.</param>
    public BareThreads(int count, TimeSpan soon)
    {
        _soon = soon;
        _threads = [.. Enumerable.Range(0, count).Select(_ => new Thread(AnswerUntilEnd) { IsBackground = true })];
        foreach (var thread in _threads) thread.Start();
    }

    /// <summary>Wakes all and waits for the last answer; what is left to answer, 0.</summary>
    public int Wake()
    {
        _answered.Reset();
        lock (_gate)
        {
            _left = _threads.Length;
            _round++;
            Monitor.PulseAll(_gate);
        }
        if (!_answered.Wait(_soon)) throw new TimeoutException($"{_left} of {_threads.Length} threads did not answer.");
        return Volatile.Read(ref _left);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _ended = true;
            Monitor.PulseAll(_gate);
        }
        foreach (var thread in _threads) thread.Join();
        _answered.Dispose();
    }

    private void AnswerUntilEnd()
    {
        var seen = 0;
        while (true)
        {
            lock (_gate)
            {
                while (_round == seen && !_ended) _ = Monitor.Wait(_gate);
                if (_ended) return;
                seen = _round;
            }
            if (Interlocked.Decrement(ref _left) == 0) _answered.Set();
        }
    }
}
