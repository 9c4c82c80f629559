using System.Net;
using DataPlane.Core.Wire;
using DataPlane.Core.Wire.Messages;
using DataPlane.Core.Errors;
using DataPlane.Tests.Kit;
using DataPlane.Tools.Link;
using DataPlane.Transport.Control;
using Xunit;

namespace DataPlane.Tests.Tools.Link;

/// <summary>A link server in this process, and clients of it: of the library, or played by hand.</summary>
internal sealed class LinkScene : IAsyncDisposable
{
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    /// <summary>A short measurement with little memory.</summary>
    public static readonly LinkOptions Short = new()
    {
        Channels = [2], Duration = TimeSpan.FromMilliseconds(200), Interval = TimeSpan.FromMilliseconds(100), MemoryBytes = 32 << 20, FinalSetBytes = 1 << 20,
    };

    private readonly MigrationListener _listener;
    private readonly CancellationTokenSource _end = new();
    private readonly List<string> _log = [];

    public LinkScene(Func<LinkServerOptions, LinkServerOptions>? change = null, MigrationAddress? at = null)
    {
        _listener = MigrationListener.Bind(at ?? MigrationAddress.Of(new IPEndPoint(IPAddress.Loopback, 0)));
        var options = new LinkServerOptions { Log = Log };
        Ended = new LinkServer(change?.Invoke(options) ?? options).RunAsync(_listener, _end.Token);
    }

    public MigrationAddress Address => _listener.Address;

    /// <summary>Completes when the server has ended.</summary>
    public Task Ended { get; }

    public string[] Lines
    {
        get
        {
            lock (_log) return [.. _log];
        }
    }

    public Task<LinkResult> MeasureAsync(LinkOptions options, CancellationToken stop = default) => new LinkClient(options).RunAsync(Address, stop).WaitAsync(Bound, CancellationToken.None);

    /// <summary>A bulk with no end of its own, begun: its first interval has been told.</summary>
    public async Task<(Task<LinkResult> Result, CancellationTokenSource Stop)> BeginAsync(MigrationAddress? to = null)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var stop = new CancellationTokenSource();
        var options = Short with { Duration = TimeSpan.FromHours(1), OnInterval = _ => begun.TrySetResult() };
        var result = new LinkClient(options).RunAsync(to ?? Address, stop.Token);
        Assert.Same(begun.Task, await Task.WhenAny(begun.Task, result).WaitAsync(Bound));
        return (result, stop);
    }

    /// <summary>A control connection that has said this, with a preamble before it.</summary>
    public async Task<ControlLink> CallAsync(IControlMessage? hello, ConnectionRole role = ConnectionRole.Link, ushort version = ProtocolVersion.Newest)
    {
        var preamble = new byte[Preamble.Size];
        new Preamble(role, 0, version, version, Guid.NewGuid(), Mac: 0).Write(preamble);
        var link = new ControlLink(Caller.Say(Address, preamble), MigrationSide.Source, TimeProvider.System);
        if (hello is not null) await link.SendAsync(hello, default);
        return link;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Ended.WaitAsync(Bound);
        _listener.Dispose();
        _end.Dispose();
    }

    private void Log(string line)
    {
        lock (_log) _log.Add(line);
    }
}
