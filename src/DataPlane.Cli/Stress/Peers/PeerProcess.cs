using System.Diagnostics;
using System.Text.Json;
using DataPlane.Cli.Demo;

namespace DataPlane.Cli.Stress.Peers;

/// <summary>A peer as its run sees it: a process of this program, told one thing at a time. It lives no longer than this object, nor than this process.</summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task _errors;
    private readonly Action<string> _progress;
    private readonly Lock _telling = new();
    private string? _lastWords;

    private PeerProcess(Process process, Action<string> progress)
    {
        (_process, _progress) = (process, progress);
        _errors = ReadErrorsAsync();
    }

    /// <param name="arguments">Of the command.</param>
    /// <param name="prefix">Words that run it elsewhere.</param>
    /// <param name="progress">Hears what is going on.</param>
    public static PeerProcess Start(IEnumerable<string> arguments, IReadOnlyList<string> prefix, Action<string> progress)
    {
        try
        {
            return new PeerProcess(Process.Start(ProgramFile.StartInfo(arguments, prefix))!, progress);
        }
        catch (System.ComponentModel.Win32Exception fault)
        {
            throw new PeerException($"The process of one side cannot be started: {fault.Message}.");
        }
    }

    /// <summary>Returns when its guest, or the memory for one, has been made.</summary>
    public Task ReadyAsync() => AnswerAsync();

    /// <summary>Its answer. Throws <see cref="PeerException"/> where it has none, or says that it could not.</summary>
    public Task<PeerReply> AskAsync(PeerRequest request)
    {
        Tell(request);
        return AnswerAsync();
    }

    /// <summary>Cancels what it is about; it answers what it was asked all the same.</summary>
    public void Cancel() => Tell(new PeerRequest(PeerOrder.Cancel));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await ChildProcess.EndAsync(_process);
        await _errors;
        _process.Dispose();
    }

    private void Tell(PeerRequest request)
    {
        try
        {
            lock (_telling)
            {
                _process.StandardInput.WriteLine(JsonSerializer.Serialize(request, PeerJson.Default.PeerRequest));
                _process.StandardInput.Flush();
            }
        }
        catch (IOException)
        {
            // It has ended; whoever waits for its answer hears so.
        }
    }

    private async Task<PeerReply> AnswerAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            var reply = JsonSerializer.Deserialize(line, PeerJson.Default.PeerReply)!;
            if (reply.Progress is null) return reply.Error is null ? reply : throw new PeerException(reply.Error);
            _progress(reply.Progress);
        }
        await _process.WaitForExitAsync();
        await _errors;
        throw new PeerException($"The process of one side ended, exit code {_process.ExitCode}: {_lastWords ?? "it said nothing"}");
    }

    private async Task ReadErrorsAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line) _lastWords = line;
    }
}
