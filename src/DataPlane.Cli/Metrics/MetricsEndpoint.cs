using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DataPlane.Cli.Metrics;

/// <summary>
/// Answers <c>GET /metrics</c> in HTTP/1.1 as long as the program runs. One request to a connection, one connection after the other: a scrape is a matter of
/// milliseconds, and one who sends nothing is closed after two seconds.
/// </summary>
internal sealed class MetricsEndpoint : IAsyncDisposable
{
    private const int MostRequest = 8 << 10;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly MetricReader _reader = new();
    private readonly CancellationTokenSource _over = new();
    private readonly Socket _listener;
    private readonly Task _serving;

    /// <summary>Listens at <paramref name="at"/>; port 0 picks one. Throws <see cref="SocketException"/> where that cannot be.</summary>
    public MetricsEndpoint(IPEndPoint at)
    {
        _listener = new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _listener.Bind(at);
            _listener.Listen();
        }
        catch
        {
            _listener.Dispose();
            _reader.Dispose();
            _over.Dispose();
            throw;
        }
        _serving = Task.Run(ServeAsync);
    }

    /// <summary>Where it listens, with the port that was picked.</summary>
    public string Address => $"http://{_listener.LocalEndPoint}/metrics";

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _serving;
        _listener.Dispose();
        _reader.Dispose();
        _over.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_over.IsCancellationRequested)
        {
            try
            {
                using var client = await _listener.AcceptAsync(_over.Token);
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(_over.Token);
                limit.CancelAfter(Patience);
                if (await RequestAsync(client, limit.Token) is { } line) await AnswerAsync(client, line, limit.Token);
            }
            catch (Exception gone) when (gone is SocketException or OperationCanceledException)
            {
                // One client less, or the end. Where descriptors have run out, the next round finds some.
                if (!_over.IsCancellationRequested) _ = await Task.WhenAny(Task.Delay(TimeSpan.FromMilliseconds(50), _over.Token));
            }
        }
    }

    /// <summary>The request's first line, when all of its head is there; null where it is no such thing.</summary>
    private static async Task<string?> RequestAsync(Socket client, CancellationToken cancel)
    {
        var buffer = new byte[MostRequest];
        for (var filled = 0; filled < buffer.Length;)
        {
            var read = await client.ReceiveAsync(buffer.AsMemory(filled), cancel);
            if (read == 0) return null;
            filled += read;
            if (buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8) < 0) continue;
            return Encoding.Latin1.GetString(buffer, 0, buffer.AsSpan(0, filled).IndexOf("\r\n"u8));
        }
        return null;
    }

    private async Task AnswerAsync(Socket client, string line, CancellationToken cancel)
    {
        var words = line.Split(' ');
        var isRead = words is ["GET" or "HEAD", _, ['H', 'T', 'T', 'P', '/', '1', '.', ..]];
        var found = isRead && words[1].Split('?')[0] == "/metrics";
        var status = found ? "200 OK" : isRead ? "404 Not Found" : "405 Method Not Allowed";
        var body = Encoding.UTF8.GetBytes(found ? _reader.Read() : "Metrics are at /metrics.\n");
        var head = $"HTTP/1.1 {status}\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n";
        byte[] answer = words[0] == "HEAD" ? Encoding.ASCII.GetBytes(head) : [.. Encoding.ASCII.GetBytes(head), .. body];
        for (var sent = 0; sent < answer.Length;) sent += await client.SendAsync(answer.AsMemory(sent), cancel);
        client.Shutdown(SocketShutdown.Send);
        // Bytes of the client that nobody has read would reset the connection before the answer is there.
        var rest = new byte[256];
        while (await client.ReceiveAsync(rest, cancel) > 0)
        {
        }
    }
}
