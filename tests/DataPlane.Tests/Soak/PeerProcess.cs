using System.Diagnostics;
using System.Text.Json;
using DataPlane.Peer;

namespace DataPlane.Tests.Soak;

/// <summary>A peer as a process of its own, asked one thing at a time. Ends when its standard input is closed.</summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task<string> _errors;

    private PeerProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <param name="more">Variables of its environment.</param>
    public static PeerProcess Start(params IReadOnlyList<(string Name, string Value)> more)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [typeof(PeerRequest).Assembly.Location])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        // Else the allocator gives each of many short-lived threads an arena of its own, which fill up one after the other: bounded, but for as
        // long as a soak lasts no different from a leak.
        start.Environment["MALLOC_ARENA_MAX"] = "1";
        // Else the runtime keeps its compiled code in memory files, which are to be the guest's alone.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        foreach (var (name, value) in more) start.Environment[name] = value;
        return new PeerProcess(Process.Start(start)!);
    }

    /// <summary>Ends it by SIGKILL, and returns when it has ended; also where it has ended already.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Bound);
    }

    /// <summary>Returns when it has ended by itself.</summary>
    public Task EndedAsync() => _process.WaitForExitAsync().WaitAsync(Bound);

    /// <summary>The answer; throws what the peer could not do.</summary>
    public async Task<PeerReply> AskAsync(PeerRequest request)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(request, PeerJson.Default.PeerRequest));
        await _process.StandardInput.FlushAsync();
        var line = await _process.StandardOutput.ReadLineAsync().WaitAsync(Bound)
            ?? throw new InvalidOperationException($"The peer ended when it was told to {request.Do}: {await _errors}");
        var reply = JsonSerializer.Deserialize(line, PeerJson.Default.PeerReply)!;
        return reply.Error is null ? reply : throw new InvalidOperationException($"The peer failed to {request.Do}: {reply.Error}");
    }

    public Task<PeerReply> AskAsync(PeerOrder order) => AskAsync(new PeerRequest { Do = order });

    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync().WaitAsync(Bound);
        }
        catch (TimeoutException)
        {
            _process.Kill();
        }
        catch (IOException)
        {
            // It was killed, and had not read all that it was told.
        }
        _ = await _errors;
        _process.Dispose();
    }
}
