namespace DataPlane.Core.Codecs.Choice;

/// <summary>
/// Chooses how one channel writes pages, and goes on choosing: begins with pages as they are, which shows the link; tries each codec on a few
/// pages now and then, which shows the codec; changes where <see cref="CodecPolicy"/> promises a gain; and goes back, for a while that doubles,
/// where the gain did not come. Used by one thread; has no clock, is told times in nanoseconds; allocates nothing.
/// </summary>
internal sealed class CodecChooser
{
    // Of a channel's time at most a 64th goes into trying other codecs, and of its pages at most a 16th: where the link is slow, encoding costs
    // next to nothing, and what it gains would still not be what the choice gains.
    private const int TrialShareOfTime = 64;
    private const int TrialShareOfPages = 16;

    // What a call to the socket takes; or as many pages as make it where they shrink to an eighth.
    private const long WindowWireBytes = 512 << 10;
    private const long WindowPageBytes = 4 << 20;

    // The socket's buffer (4 MiB by Linux' default at most) takes bytes faster than the link until it is full: only what comes behind shows what
    // a change has brought. One that was much too bad shows at once, since buffers only make things look better.
    private const int WindowsToJudge = 4;
    private const long WireToJudge = 4 << 20;
    private const double WorseAtOnce = 1.25;
    private const double NoGain = 0.97;

    // While a buffer fills a mean tells too little of what a choice takes: of its first 8 MiB on the wire the last window counts, if that is more.
    private const int WindowsToFill = 16;

    // Larger buffers than that make a mistake look well for longer: one that is worse than what it took over from, and left within so many
    // windows, is held off too.
    private const int ShortStay = 64;

    // The first window has the wake-ups of both ends in it.
    private const int FirstDecision = 2;

    private readonly CodecTrack[] _tracks = new CodecTrack[3]; // By number of the encoding; 0 is pages as they are.
    private readonly double? _channelsPerCompressor;
    private CodecWindow _window;
    private CodecLink _link;
    private long _windows;
    private long _nextTrialAt;
    private long _pagesToTrial;
    private long _allNanoseconds;
    private int _lastTrial;
    private bool _trying;
    private double _measured;
    private double _last;
    private double _other;
    private int _windowsOfChoice;
    private long _wireOfChoice;
    private long _chosenAt;
    private PageEncoding _before;
    private double _measuredBefore = double.PositiveInfinity;
    private bool _judged = true;

    /// <param name="available">The codecs that both sides have.</param>
    /// <param name="channelsPerCompressor">As in <see cref="CodecSnapshot.ChannelsPerCompressor"/>.</param>
    public CodecChooser(PageEncodingSet available, double? channelsPerCompressor = null)
    {
        _channelsPerCompressor = channelsPerCompressor;
        foreach (var encoding in available.Members) _tracks[(int)encoding].Available = true;
        _tracks[0].Learn(CodecFigures.Raw);
        Reason = available.IsEmpty ? CodecReason.NoCodec : CodecReason.Beginning;
    }

    /// <summary>How pages are to be written now.</summary>
    public PageEncoding Choice { get; private set; }

    public CodecReason Reason { get; private set; }

    /// <summary>How often the choice has changed.</summary>
    public int Changes { get; private set; }

    /// <summary>What is known of a way to write pages; null where it was not tried.</summary>
    public CodecFigures? FiguresOf(PageEncoding encoding) => _tracks[(int)encoding].Figures;

    /// <summary>Nanoseconds a byte of pages takes now, or would take with another choice; null where nothing is known.</summary>
    public double? ForecastOf(PageEncoding encoding) =>
        _windows == 0 || FiguresOf(encoding) is null ? null
        : encoding == Choice ? _measured : CodecPolicy.Forecast(Snapshot(), Known(encoding));

    /// <summary>
    /// Whether the next pages should be encoded by <paramref name="codec"/> to see what that gives, instead of as the choice says. Tell
    /// <see cref="Encoded"/> what came of it: until then there is no other trial.
    /// </summary>
    public bool WantsTrial(out PageEncoding codec)
    {
        codec = NextTrial();
        return _trying = !_trying && codec != PageEncoding.None
            && (FiguresOf(codec) is null || (_allNanoseconds + _window.Nanoseconds >= _nextTrialAt && _pagesToTrial <= 0));
    }

    /// <summary>
    /// <paramref name="pages"/> bytes of pages were given to <paramref name="codec"/>, which took so long and left so many bytes: all of them
    /// where it gained nothing, in no time where it was not even tried.
    /// </summary>
    public void Encoded(PageEncoding codec, int pages, int wire, long nanoseconds)
    {
        Count(pages, wire);
        if (codec == Choice)
        {
            _window.Encode += nanoseconds;
            _window.ChoicePages += pages;
            _window.ChoiceWire += wire;
            return;
        }
        _tracks[(int)codec].Learn(new CodecFigures((double)nanoseconds / pages, (double)wire / pages));
        _lastTrial = (int)codec;
        _trying = false;
        var more = wire - (pages * FiguresOf(Choice)!.Value.WireBytes); // What the trial gains less than the choice would have, the link has to carry.
        var cost = nanoseconds + (long)Math.Max(0, more * _link.Nanoseconds(Choice));
        _nextTrialAt = _allNanoseconds + _window.Nanoseconds + (cost * TrialShareOfTime);
        _pagesToTrial = (long)pages * TrialShareOfPages;
        if (_channelsPerCompressor is null) _window.Nanoseconds -= nanoseconds;
    }

    /// <summary>Pages went as they are.</summary>
    public void Raw(int pages) => Count(pages, pages);

    /// <summary>So much of the time that will be told of next was spent waiting for compressors beside the channel.</summary>
    public void Waited(long nanoseconds) => _window.Waited += nanoseconds;

    /// <summary>So much time has passed with work at hand, so much of it inside socket calls. Here the choice may change.</summary>
    public void Passed(long nanoseconds, long socket)
    {
        _window.Nanoseconds += nanoseconds;
        _window.Socket += socket;
        if ((_window.Wire < WindowWireBytes && _window.Pages < WindowPageBytes) || _window.Nanoseconds <= 0) return;
        Take(_window);
        _window = default;
        if (_windows >= FirstDecision && Reason != CodecReason.NoCodec) Decide();
    }

    private void Count(int pages, int wire)
    {
        _window.Pages += pages;
        _window.Wire += wire;
        _pagesToTrial -= pages;
    }

    private void Take(in CodecWindow window)
    {
        _windows++;
        _allNanoseconds += window.Nanoseconds;
        var busy = window.Socket + (_channelsPerCompressor is null ? window.Encode : window.Waited);
        var all = (double)window.Nanoseconds / window.Pages;
        var other = Math.Max(0.0, window.Nanoseconds - busy) / window.Pages;
        _last = all;
        _measured = _windowsOfChoice == 0 ? all : CodecTrack.Mean(_measured, all);
        _other = _windowsOfChoice == 0 ? other : CodecTrack.Mean(_other, other);
        _windowsOfChoice++;
        _wireOfChoice += window.Wire;
        _link.Add(window, Choice);
        if (Choice != PageEncoding.None && window.ChoicePages > 0)
            _tracks[(int)Choice].LearnWindow(new CodecFigures((double)window.Encode / window.ChoicePages, (double)window.ChoiceWire / window.ChoicePages));
    }

    private void Decide()
    {
        var decision = CodecPolicy.Decide(Snapshot());
        if (decision.Reason == CodecReason.Incompressible && decision.Choice != Choice)
        {
            Change(decision.Choice);
            Reason = decision.Reason;
            _judged = true; // It is no better, as all are alike.
            return;
        }
        if (!_judged && !Judge()) return;
        Reason = decision.Reason;
        if (decision.Choice == Choice) return;
        if (_windowsOfChoice < ShortStay && _measured > _measuredBefore * NoGain) HoldOff(Choice);
        Change(decision.Choice);
    }

    /// <summary>Whether the last change has stood its test.</summary>
    private bool Judge()
    {
        _judged = _windowsOfChoice >= WindowsToJudge && _wireOfChoice >= WireToJudge;
        if (_measured <= _measuredBefore * (_judged ? NoGain : WorseAtOnce)) return _judged;
        HoldOff(Choice);
        Change(_before);
        _judged = true; // Where it came from is known.
        Reason = CodecReason.OthersWereWorse;
        return false;
    }

    private void HoldOff(PageEncoding choice)
    {
        var taken = _allNanoseconds - _chosenAt;
        _tracks[(int)choice].HoldOff(_allNanoseconds, taken, taken * Math.Max(0, 1 - (_measuredBefore / _measured)));
    }

    private void Change(PageEncoding to)
    {
        (_before, _judged) = (Choice, false);
        _measuredBefore = _windowsOfChoice < WindowsToFill ? Math.Max(_measured, _last) : _measured;
        _windowsOfChoice = 0;
        _trying = false; // What is being tried may be the choice now.
        _chosenAt = _allNanoseconds;
        _wireOfChoice = 0;
        Choice = to;
        Changes++;
    }

    // By turns, so that the one that was not tried for longest is next.
    private PageEncoding NextTrial()
    {
        var first = _lastTrial == (int)PageEncoding.Lz4 ? PageEncoding.Zstd : PageEncoding.Lz4;
        var second = first == PageEncoding.Lz4 ? PageEncoding.Zstd : PageEncoding.Lz4;
        return CanTry(first) ? first : CanTry(second) ? second : PageEncoding.None;
    }

    private bool CanTry(PageEncoding codec) => codec != Choice && _tracks[(int)codec].Available;

    private CodecSnapshot Snapshot() => new(Choice, _measured, _other, _link.SendNanoseconds)
    {
        Raw = Usable(PageEncoding.None),
        Lz4 = Usable(PageEncoding.Lz4),
        Zstd = Usable(PageEncoding.Zstd),
        ChannelsPerCompressor = _channelsPerCompressor,
    };

    private CodecFigures? Usable(PageEncoding codec)
    {
        ref readonly var track = ref _tracks[(int)codec];
        return track.Figures is null || (codec != Choice && track.IsHeldOff(_allNanoseconds)) ? null : Known(codec);
    }

    private CodecFigures Known(PageEncoding codec) => FiguresOf(codec)!.Value with { LinkNanoseconds = _link.Nanoseconds(codec) };
}
