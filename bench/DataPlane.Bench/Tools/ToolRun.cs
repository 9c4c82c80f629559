using System.Collections.Concurrent;
using System.Diagnostics;

namespace DataPlane.Bench.Tools;

/// <summary>Runs programs. None outlives this process, however it is told to end.</summary>
internal static class ToolRun
{
    // A migration of some GiB takes seconds; a program that is not done after this long hangs.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private static readonly ConcurrentDictionary<Process, bool> _running = new();

    static ToolRun() => AppDomain.CurrentDomain.ProcessExit += (_, _) => EndAll();

    public static bool IsInstalled(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>Runs a program to its end and gives what it printed on standard output. A failure carries its last words.</summary>
    public static async Task<string> OutputAsync(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        return await OutputAsync(process);
    }

    /// <summary>As the other, of a program that has been started.</summary>
    public static async Task<string> OutputAsync(Process process)
    {
        var (code, output, errors) = await ExitAsync(process);
        return code == 0 ? output : throw new InvalidOperationException($"{Said(process)} ended with {code}: {errors.Trim()} {output.Trim()}");
    }

    /// <summary>Waits for the end of a program, and gives its exit code and what it printed.</summary>
    public static async Task<(int Code, string Output, string Errors)> ExitAsync(Process process)
    {
        using var limit = new CancellationTokenSource(Limit);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            End(process);
            throw new InvalidOperationException($"{Said(process)} did not end within {Limit.TotalMinutes} minutes.");
        }
        _running.TryRemove(process, out _);
        return (process.ExitCode, await output, await errors);
    }

    public static Process Start(string program, params string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException($"{program} did not start.");
        _running[process] = true;
        return process;
    }

    /// <summary>The rest of a line that a program prints once it is ready, behind <paramref name="words"/>.</summary>
    public static async Task<string> LineAfterAsync(Process process, StreamReader from, string words)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (await from.ReadLineAsync(limit.Token) is { } line)
            if (line.IndexOf(words, StringComparison.Ordinal) is >= 0 and var at) return line[(at + words.Length)..].Trim();
        throw new InvalidOperationException($"{process.StartInfo.FileName} ended before it said '{words.Trim()}': {(await process.StandardError.ReadToEndAsync(limit.Token)).Trim()}");
    }

    public static void End(Process process)
    {
        _running.TryRemove(process, out _);
        if (!process.HasExited) process.Kill(entireProcessTree: true);
    }

    /// <summary>All that this process has started and that still run.</summary>
    public static void EndAll()
    {
        foreach (var process in _running.Keys)
        {
            try
            {
                End(process);
            }
            catch (InvalidOperationException)
            {
                _running.TryRemove(process, out _); // Disposed: whoever did that has seen its end.
            }
        }
    }

    private static string Said(Process process) => $"{process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)}";
}
