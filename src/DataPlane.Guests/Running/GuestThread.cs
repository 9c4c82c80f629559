using System.Diagnostics;
using DataPlane.Linux.Kvm;

namespace DataPlane.Guests.Running;

/// <summary>
/// A dedicated thread that works while the guest runs and is parked while it stands. Stopping has two halves so that all
/// threads of a guest stop together.
/// </summary>
internal sealed class GuestThread : IDisposable
{
    private readonly IGuestWork _work;
    private readonly Thread _thread;

    // Under _gate.
    private readonly object _gate = new();
    private Order _order = Order.Park;
    private bool _parked;
    private long _entries;
    private long _awaitedEntry;
    private int _threadId;
    private Exception? _fault;
    private long? _enteredAt;
    private long? _leftAt;

    public GuestThread(string name, IGuestWork work)
    {
        _work = work;
        _thread = new Thread(Main) { IsBackground = true, Name = name };
        _thread.Start();
        AwaitParked();
    }

    private enum Order
    {
        Park,
        Run,
        End,
    }

    /// <summary>When its work last began, before its first instruction; CLOCK_MONOTONIC, nanoseconds. Known once it is awaited.</summary>
    public long? EnteredAt
    {
        get
        {
            lock (_gate) return _enteredAt;
        }
    }

    /// <summary>When its work last ended, after its last instruction.</summary>
    public long? LeftAt
    {
        get
        {
            lock (_gate) return _leftAt;
        }
    }

    /// <summary>Sets the thread to work; does not wait. Throws what ended its work, if anything did.</summary>
    public void RequestRun()
    {
        lock (_gate)
        {
            // Counted, as work that fails at once may be parked again before anybody looks.
            _awaitedEntry = _parked ? _entries + 1 : _entries;
            Give(Order.Run);
        }
    }

    /// <summary>Waits until the thread works as last requested.</summary>
    public void AwaitRunning()
    {
        lock (_gate)
            while (_entries < _awaitedEntry) Monitor.Wait(_gate);
    }

    /// <summary>Asks the thread to park; does not wait.</summary>
    public void RequestPark()
    {
        lock (_gate) Give(Order.Park);
    }

    /// <summary>Waits until the thread is parked, or has failed.</summary>
    public void AwaitParked()
    {
        lock (_gate)
            while (!_parked) Monitor.Wait(_gate);
    }

    /// <summary>Throws what ended the thread's work, if anything did.</summary>
    public void ThrowIfFailed()
    {
        lock (_gate)
            if (_fault is not null)
                throw new InvalidOperationException($"The guest's thread '{_thread.Name}' has failed: {_fault.Message}", _fault);
    }

    public void Dispose()
    {
        lock (_gate) Give(Order.End);
        _thread.Join();
    }

    // The frequency of this clock is 1e9 on Linux.
    private static long Now => Stopwatch.GetTimestamp();

    private void Give(Order order)
    {
        if (order == Order.Run) ThrowIfFailed();
        _order = order;
        Monitor.PulseAll(_gate);
        // Under the lock, so that a thread on its way back to work cannot forget this interrupt as an earlier one.
        if (order != Order.Run && !_parked && _threadId != 0) _work.Interrupt(_threadId);
    }

    private void Main()
    {
        PreciseWait.SharpenThread();
        RunOnce();
        while (AwaitOrder())
        {
            try
            {
                _work.Run();
                var left = Now; // Before the lock, which the thread that waits for this one may hold.
                lock (_gate) _leftAt = left;
            }
            catch (Exception fault) when (fault is IOException or InvalidOperationException)
            {
                lock (_gate)
                {
                    _fault = fault;
                    _order = _order == Order.End ? Order.End : Order.Park;
                }
            }
        }
    }

    /// <summary>Interrupted before it begins, so that it does nothing, but has done so once: the blackout waits for the first entry.</summary>
    private void RunOnce()
    {
        _work.Interrupt(ThreadNative.GetThreadId());
        _work.Run();
    }

    private bool AwaitOrder()
    {
        lock (_gate)
        {
            _threadId = ThreadNative.GetThreadId();
            _parked = true;
            Monitor.PulseAll(_gate);
            while (_order == Order.Park) Monitor.Wait(_gate);
            if (_order == Order.End) return false;
            _work.Prepare();
            _enteredAt = Now;
            _parked = false;
            _entries++;
            Monitor.PulseAll(_gate);
            return true;
        }
    }
}
