namespace DataPlane.Cli.Output;

/// <summary>
/// Shows on standard error what is going on: one line that is redrawn, or a line each second. The text is asked for when it is due, so
/// whoever works only counts. Redrawing takes a carriage return and blanks; no escape sequence and no colour is ever written.
/// </summary>
internal sealed class ProgressDisplay : IAsyncDisposable
{
    private static readonly TimeSpan _redraw = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _line = TimeSpan.FromSeconds(1);

    private readonly TextWriter _error;
    private readonly ProgressMode _mode;
    private readonly Func<int> _width;
    private readonly Lock _lock = new();
    private readonly PeriodicTimer? _timer;
    private readonly Task _ticking = Task.CompletedTask;

    private Func<string>? _status;
    private string? _lastLine;
    private int _drawn;

    public ProgressDisplay(TextWriter error, ProgressMode mode, bool canRedraw, Func<int> width, TimeProvider time)
    {
        (_error, _width) = (error, width);
        _mode = mode == ProgressMode.Auto ? (canRedraw ? ProgressMode.Tty : ProgressMode.Plain) : mode;
        if (_mode == ProgressMode.None) return;
        _timer = new PeriodicTimer(_mode == ProgressMode.Tty ? _redraw : _line, time);
        _ticking = TickAsync(_timer);
    }

    /// <summary>From now on this is going on; null: nothing worth showing. Shown at once, then again and again.</summary>
    public void Show(Func<string>? status)
    {
        lock (_lock)
        {
            _status = status;
            Draw();
        }
    }

    /// <summary>A line worth keeping, for those who want to see progress.</summary>
    public void Note(string line)
    {
        if (_mode != ProgressMode.None) Say(line);
    }

    /// <summary>A line that must be seen: an error, an address that others wait for.</summary>
    public void Say(string line)
    {
        lock (_lock)
        {
            Erase();
            _error.WriteLine(line);
            _error.Flush();
            if (_mode == ProgressMode.Tty) Draw();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Show(null);
        _timer?.Dispose();
        await _ticking;
    }

    private async Task TickAsync(PeriodicTimer timer)
    {
        while (await timer.WaitForNextTickAsync())
            lock (_lock)
                Draw();
    }

    private void Draw()
    {
        if (_mode == ProgressMode.None) return;
        if (_status?.Invoke() is not { } text)
        {
            Erase();
            return;
        }
        if (_mode == ProgressMode.Plain)
        {
            // A log says once that something waits, not every second.
            if (text == _lastLine) return;
            _lastLine = text;
            _error.WriteLine(text);
        }
        else
        {
            // The last column stays free: a character there makes some terminals wrap.
            if (_width() - 1 is > 0 and var room && text.Length > room) text = text[..room];
            _error.Write($"\r{text.PadRight(_drawn)}");
            _drawn = text.Length;
        }
        _error.Flush();
    }

    private void Erase()
    {
        if (_drawn == 0) return;
        _error.Write($"\r{new string(' ', _drawn)}\r");
        _error.Flush();
        _drawn = 0;
    }
}
