using DataPlane.Cli.Output.Live;

namespace DataPlane.Cli.Output;

/// <summary>
/// Shows on standard error what is going on: on a terminal a screen that is redrawn in place, elsewhere a line each second. All of it is written by one thread of its own,
/// which asks for what is shown when it is due: whoever works only counts, and waits for no terminal. While a guest stands still nothing is
/// asked for or written; what was to be said follows. Sequences that move the cursor and colour are written to terminals only.
/// </summary>
internal sealed class ProgressDisplay : IAsyncDisposable
{
    private static readonly TimeSpan _redraw = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _line = TimeSpan.FromSeconds(1);

    /// <summary>A blackout that takes longer is spoilt by no line, and someone may be waiting to read why.</summary>
    private static readonly TimeSpan _longestHush = TimeSpan.FromSeconds(5);

    /// <summary>A terminal that is held (Ctrl-S) takes nothing for as long as someone likes.</summary>
    private const int MostWaiting = 1000;

    private readonly TextWriter _error;
    private readonly DisplayTerminal _terminal;
    private readonly TimeSpan _every;
    private readonly TimeSpan _hush;
    private readonly Thread _thread;
    private readonly ScreenBlock _block = new();

    // Under the gate.
    private readonly object _gate = new();
    private readonly Queue<DisplayOrder> _orders = new();
    private long _given;
    private long _carriedOut;
    private long _urgent;
    private bool _over;

    // Of the thread alone.
    private volatile ProgressMode _mode; // Read by whoever has a note, too.
    private IProgressView? _view;
    private string? _lastLine;
    private long _quietSince;

    /// <param name="error">Where to.</param>
    /// <param name="mode">As asked for; what cannot be redrawn gets lines.</param>
    /// <param name="terminal">What is behind <paramref name="error"/>.</param>
    /// <param name="every">How often something is drawn of itself; null: as often as is good for people.</param>
    /// <param name="longestHush">How long nothing is drawn since a guest stands still, at most; null: as long as a blackout may be taken for one.</param>
    public ProgressDisplay(TextWriter error, ProgressMode mode, DisplayTerminal terminal, TimeSpan? every = null, TimeSpan? longestHush = null)
    {
        (_error, _terminal) = (error, terminal);
        _mode = mode is ProgressMode.Auto or ProgressMode.Tty ? (terminal.CanRedraw ? ProgressMode.Tty : ProgressMode.Plain) : mode;
        _every = every ?? (_mode == ProgressMode.Tty ? _redraw : _line);
        _hush = longestHush ?? _longestHush;
        _thread = new Thread(Run) { IsBackground = true, Name = "dp-view" };
        _thread.Start();
    }

    /// <summary>On the program's own standard error.</summary>
    public static ProgressDisplay Of(ProgramStreams streams, ProgressMode mode) =>
        new(streams.Error, mode, new DisplayTerminal(streams.CanRedraw, ErrorTerminal.MayColour, () => ErrorTerminal.Size));

    /// <summary>From now on this is going on, in one line; null: nothing worth showing. That has been taken away when this returns.</summary>
    public void Show(Func<string?>? status) => Give(new DisplayOrder(status is null ? null : new TextView(status), null), urgent: status is null);

    /// <summary>From now on this is going on. Shown at once, then again and again, until <see cref="Show"/> says otherwise.</summary>
    public void ShowView(IProgressView view) => Give(new DisplayOrder(view, null), urgent: false);

    /// <summary>A line worth keeping, for those who want to see progress. Returns at once.</summary>
    public void Note(string line)
    {
        if (_mode != ProgressMode.None) Give(new DisplayOrder(null, line), urgent: false);
    }

    /// <summary>A line that must be seen: an error, an address that others wait for. It is there when this returns.</summary>
    public void Say(string line) => Give(new DisplayOrder(null, line), urgent: true);

    /// <summary>Someone has ended a line on the terminal, which has shown it.</summary>
    public void Typed() => Give(new DisplayOrder(null, null) { IsTyped = true }, urgent: false);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Show(null);
        lock (_gate)
        {
            _over = true;
            Monitor.PulseAll(_gate);
        }
        _thread.Join();
        return ValueTask.CompletedTask;
    }

    private void Give(DisplayOrder order, bool urgent)
    {
        lock (_gate)
        {
            if (_over || (!urgent && _orders.Count >= MostWaiting)) return;
            _orders.Enqueue(order);
            var number = ++_given;
            if (urgent) _urgent = number;
            Monitor.PulseAll(_gate);
            while (urgent && _carriedOut < number) _ = Monitor.Wait(_gate);
        }
    }

    private void Run()
    {
        while (Next(out var order))
        {
            try
            {
                CarryOut(order);
            }
            catch (Exception)
            {
                // Standard error is closed, or full: whatever it is, it ends no migration. Nothing more is shown.
                (_mode, _view) = (ProgressMode.None, null);
            }
            if (order is null) continue;
            lock (_gate)
            {
                _carriedOut++;
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>Waits for what is to be done next: an order, or drawing again (null). False at the end.</summary>
    private bool Next(out DisplayOrder? order)
    {
        lock (_gate)
        {
            while (true)
            {
                var quiet = IsQuiet();
                if (_orders.Count > 0 && (!quiet || _urgent > _carriedOut))
                {
                    order = _orders.Dequeue();
                    return true;
                }
                order = null;
                if (_over) return false;
                if (!Monitor.Wait(_gate, _every) && !IsQuiet() && _orders.Count == 0 && _view is not null) return true;
            }
        }
    }

    private bool IsQuiet()
    {
        if (_view is not { IsQuiet: true })
        {
            _quietSince = 0;
            return false;
        }
        if (_quietSince == 0) _quietSince = Environment.TickCount64;
        return Environment.TickCount64 - _quietSince < _hush.TotalMilliseconds;
    }

    private void CarryOut(DisplayOrder? order)
    {
        switch (order)
        {
            case null:
                Draw();
                return;
            case { Line: { } line }:
                _error.Write(_block.Erase(_terminal.Size()));
                _error.WriteLine(line);
                if (_mode == ProgressMode.Tty) Draw();
                break;
            case { IsTyped: true }:
                _block.Typed();
                break;
            default:
                _view = order.View;
                Draw();
                break;
        }
        _error.Flush();
    }

    private void Draw()
    {
        if (_mode == ProgressMode.Tty)
        {
            var size = _terminal.Size();
            var lines = _view?.Screen(size) ?? [];
            _error.Write(lines.Count == 0 ? _block.Erase(size) : _block.Redraw(lines, size, _terminal.MayColour));
        }
        // A log says once that something waits, not every second.
        else if (_mode == ProgressMode.Plain && _view?.Line() is { } text && text != _lastLine)
        {
            _lastLine = text;
            _error.WriteLine(text);
        }
        _error.Flush();
    }
}
