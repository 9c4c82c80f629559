using System.Diagnostics;
using System.Globalization;
using DataPlane.Fuzz.Targets;
using Microsoft.Win32.SafeHandles;

namespace DataPlane.Fuzz;

/// <summary>
/// Makes inputs and runs them, target after target in slices of time, until the budget is used up or a rule is broken. Each second a line
/// of progress. The input under way stands in a file, so that one that ends the process is not lost.
/// </summary>
internal sealed class FuzzLoop : IDisposable
{
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(100);

    // No input takes so long, however busy the machine: targets have bounds of their own below it.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    // Buffers, recorded sessions and the runtime's own heaps stay far below; what leaks by each input does not.
    private const long MostGrowth = 512L << 20;

    private readonly FuzzOptions _options;
    private readonly TextWriter _output;
    private readonly Action _onHang;
    private readonly Func<string, IFuzzTarget> _create;
    private readonly string _current;
    private readonly SafeFileHandle _currentFile;
    private readonly Dictionary<string, long> _runs = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Timer _watch;
    private long _runBegan = long.MaxValue;
    private TimeSpan _told;
    private long _toldRuns;
    private long _memoryAtStart;

    /// <param name="options">The budget and the targets.</param>
    /// <param name="output">Where progress and failures go.</param>
    /// <param name="onHang">Called on another thread when an input does not end; its file is there by then.</param>
    /// <param name="create">Makes a target by its name; null: those of <see cref="TargetList"/>.</param>
    public FuzzLoop(FuzzOptions options, TextWriter output, Action onHang, Func<string, IFuzzTarget>? create = null)
    {
        (_options, _output, _onHang, _create) = (options, output, onHang, create ?? TargetList.Create);
        _ = Directory.CreateDirectory(options.Folder);
        _current = Path.Combine(options.Folder, $"current-{Environment.ProcessId}.input");
        _currentFile = File.OpenHandle(_current, FileMode.Create, FileAccess.Write);
        _watch = new Timer(_ => Watch(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    /// <summary>Inputs run.</summary>
    public long Runs { get; private set; }

    /// <summary>Runs the budget; true when no rule was broken.</summary>
    public async Task<bool> RunAsync()
    {
        _output.WriteLine($"seed {_options.Seed}");
        var targets = _options.Targets.Select(_create).ToArray();
        _clock.Restart();
        try
        {
            while (!IsOver)
                foreach (var target in targets)
                    if (!IsOver && !await RunSliceAsync(target)) return false;
        }
        finally
        {
            foreach (var target in targets) target.Dispose();
        }
        Tell(last: true);
        return true;
    }

    /// <summary>Runs one input; true when no rule was broken.</summary>
    public async Task<bool> ReplayAsync(FuzzInput input)
    {
        using var target = _create(input.Target);
        if (!await RunOneAsync(target, input.Bytes, "replay")) return false;
        _output.WriteLine($"{input.Target}: {input.Bytes.Length} bytes, no rule was broken");
        return true;
    }

    public void Dispose()
    {
        _watch.Dispose();
        _currentFile.Dispose();
        File.Delete(_current);
    }

    private bool IsOver => Runs >= (_options.Runs ?? long.MaxValue) || _clock.Elapsed >= (_options.Time ?? TimeSpan.MaxValue);

    private async Task<bool> RunSliceAsync(IFuzzTarget target)
    {
        var end = _clock.Elapsed + Slice;
        var run = _runs.GetValueOrDefault(target.Name);
        do
        {
            var input = target.Make(new Random(HashOf(target.Name, run)));
            if (!await RunOneAsync(target, input, $"run {run} of {target.Name}")) return false;
            _runs[target.Name] = ++run;
            Runs++;
        }
        while (_clock.Elapsed < end && !IsOver);
        if (_clock.Elapsed - _told >= TimeSpan.FromSeconds(1)) Tell(last: false);
        return MemoryIsBounded(target);
    }

    private async Task<bool> RunOneAsync(IFuzzTarget target, byte[] bytes, string which)
    {
        var input = new FuzzInput(target.Name, bytes);
        input.SaveOver(_currentFile);
        Volatile.Write(ref _runBegan, Stopwatch.GetTimestamp());
        try
        {
            await target.RunAsync(bytes);
            return true;
        }
        catch (Exception fault) // Whatever it is: a target throws only when a rule is broken.
        {
            Report(input, which, fault.ToString());
            return false;
        }
        finally
        {
            Volatile.Write(ref _runBegan, long.MaxValue);
        }
    }

    private void Report(FuzzInput input, string which, string what)
    {
        var path = Path.Combine(_options.Folder, $"{input.Target}-{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(input.Bytes))[..12]}.input");
        input.Save(path);
        _output.WriteLine($"FAILED: {which}, seed {_options.Seed}");
        _output.WriteLine(what);
        _output.WriteLine($"repeat: tests/fuzz --replay {path}");
    }

    private bool MemoryIsBounded(IFuzzTarget target)
    {
        if (_memoryAtStart == 0 && _clock.Elapsed > TimeSpan.FromSeconds(5)) _memoryAtStart = Environment.WorkingSet;
        if (_memoryAtStart == 0 || Environment.WorkingSet - _memoryAtStart < MostGrowth) return true;
        _output.WriteLine($"FAILED: the process has grown by {(Environment.WorkingSet - _memoryAtStart) >> 20} MiB, last in {target.Name}, seed {_options.Seed}");
        return false;
    }

    private void Watch()
    {
        var began = Volatile.Read(ref _runBegan);
        if (began == long.MaxValue || Stopwatch.GetElapsedTime(began) < Longest) return;
        _output.WriteLine($"FAILED: an input does not end; seed {_options.Seed}");
        _output.WriteLine($"repeat: tests/fuzz --replay {_current}");
        _watch.Change(Timeout.Infinite, Timeout.Infinite);
        _onHang();
    }

    private void Tell(bool last)
    {
        var seconds = (_clock.Elapsed - (last ? TimeSpan.Zero : _told)).TotalSeconds;
        var rate = (Runs - (last ? 0 : _toldRuns)) / seconds;
        _output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_clock.Elapsed.TotalSeconds:0} s: {Runs} runs, {rate:0} a second"));
        if (last)
            _output.WriteLine(string.Join(", ", _runs.Select(target => $"{target.Key} {target.Value}")));
        (_told, _toldRuns) = (_clock.Elapsed, Runs);
    }

    // The same in every process, unlike HashCode.
    private int HashOf(string target, long run)
    {
        var hash = 14695981039346656037ul ^ (uint)_options.Seed;
        foreach (var letter in target) hash = (hash ^ letter) * 1099511628211ul;
        hash = (hash ^ (ulong)run) * 1099511628211ul;
        return (int)(hash ^ (hash >> 32));
    }
}
