using System.Diagnostics;
using System.Globalization;
using System.Text;
using DataPlane.Tests.Kit;

namespace DataPlane.Tests.Cli;

/// <summary>The program as a process of its own, as a person starts it, with all it writes. Killed on dispose where it still runs.</summary>
internal sealed class ProgramProcess : IAsyncDisposable
{
    private const string ListeningOn = "listening on ";

    private static readonly TimeSpan Bound = TestSet.Patience(TimeSpan.FromSeconds(60));

    private readonly Process _process;
    private readonly StringBuilder _errors = new();
    private readonly TaskCompletionSource<string> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task<string> _reading;
    private readonly Task _watching;

    private ProgramProcess(Process process)
    {
        _process = process;
        _reading = process.StandardOutput.ReadToEndAsync();
        _watching = WatchErrorsAsync();
    }

    /// <summary>All that it wrote to standard error so far.</summary>
    public string Errors
    {
        get
        {
            lock (_errors) return _errors.ToString();
        }
    }

    /// <summary>
    /// Starts <c>dataplane</c> with <paramref name="line"/>, in the network namespace <paramref name="network"/> where one is named, with
    /// at most <paramref name="descriptors"/> open files where a number is given, with a monotonic clock that is so many hours ahead, and with <paramref name="libraries"/> as the folder in
    /// which its libraries are looked for first.
    /// </summary>
    public static ProgramProcess Start(string line, string? network = null, int? descriptors = null, string? libraries = null, int hoursAhead = 0)
    {
        string[] program = [Environment.ProcessPath!, BuiltProgram.File, .. line.Split(' ')];
        string[] words = network is null ? program : ["ip", "netns", "exec", network, .. program];
        if (descriptors is { } most) words = ["prlimit", $"--nofile={most}:{most}", .. words];
        if (hoursAhead > 0) words = ["unshare", "--time", "--monotonic", $"{hoursAhead * 3600}", "--fork", "--kill-child", .. words];
        var start = Redirected(words);
        if (libraries is not null) start.Environment["LD_LIBRARY_PATH"] = libraries;
        return new ProgramProcess(Process.Start(start)!);
    }

    /// <summary>Starts another program that says where it listens in the same words, by its file and its line of arguments.</summary>
    public static ProgramProcess StartFile(string file, string line) =>
        new(Process.Start(Redirected([file, .. line.Split(' ', StringSplitOptions.RemoveEmptyEntries)]))!);

    /// <summary>The address it listens on, once it does.</summary>
    public async Task<MigrationAddress> AddressAsync()
    {
        var line = await _listening.Task.WaitAsync(Bound);
        return MigrationAddress.TryParse(line[ListeningOn.Length..], out var address, out var fault) ? address! : throw new FormatException(fault);
    }

    /// <summary>Returns once it has written <paramref name="text"/> to standard error.</summary>
    public async Task SaysAsync(string text)
    {
        using var limit = new CancellationTokenSource(Bound);
        while (!Errors.Contains(text, StringComparison.Ordinal))
        {
            if (_process.HasExited) throw new InvalidOperationException($"The program ended and had not said '{text}': {Errors}");
            await Task.Delay(20, limit.Token);
        }
    }

    public async Task<ProgramRun> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Bound);
        await _watching;
        return new ProgramRun(_process.ExitCode, await _reading, Errors);
    }

    /// <summary>Its number; where it was started by way of another program, that one's.</summary>
    public int Id => _process.Id;

    /// <summary>Memory of it that is in RAM now.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>How many descriptors it has open now.</summary>
    public int Descriptors => Directory.EnumerateFileSystemEntries($"/proc/{_process.Id}/fd").Count();

    /// <summary>How many descriptors it has open now that are connections to TCP port <paramref name="port"/> of its own, or listen there.</summary>
    public int DescriptorsOf(int port)
    {
        var local = string.Create(CultureInfo.InvariantCulture, $":{port:X4}");
        var there = File.ReadLines("/proc/net/tcp").Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words[1].EndsWith(local, StringComparison.Ordinal)).Select(words => $"socket:[{words[9]}]").ToHashSet();
        return new DirectoryInfo($"/proc/{_process.Id}/fd").EnumerateFileSystemInfos().Count(file => there.Contains(file.LinkTarget ?? ""));
    }

    public void Kill() => _process.Kill();

    /// <summary>What Ctrl-C does.</summary>
    public Task InterruptAsync() => SignalAsync("INT");

    /// <summary>Sends it a signal by its name, as STOP and CONT; returns when it is sent.</summary>
    public async Task SignalAsync(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _watching;
        _ = await _reading;
        foreach (var pipe in (IDisposable[])[_process.StandardInput, _process.StandardOutput, _process.StandardError]) pipe.Dispose();
        _process.Dispose();
    }

    private static ProcessStartInfo Redirected(string[] words) => new(words[0], words[1..])
    {
        RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
    };

    private async Task WatchErrorsAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            lock (_errors) _errors.AppendLine(line);
            if (line.StartsWith(ListeningOn, StringComparison.Ordinal)) _ = _listening.TrySetResult(line);
        }
        _ = _listening.TrySetException(new InvalidOperationException($"The program ended first: {Errors}"));
    }
}
