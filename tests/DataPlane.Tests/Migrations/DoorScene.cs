using DataPlane.Core.Errors;
using DataPlane.Core.Memory;
using DataPlane.Core.Wire;
using DataPlane.Core.Wire.Messages;
using DataPlane.Guests;
using DataPlane.Options;
using DataPlane.Results;
using DataPlane.Sessions;
using DataPlane.Tests.Kit;
using DataPlane.Transport.Control;
using Xunit;

namespace DataPlane.Tests.Migrations;

/// <summary>A destination that waits, and a source that is played by hand, message by message.</summary>
internal sealed class DoorScene : IDisposable
{
    public static readonly Guid Session = Guid.Parse("21222324-2526-2728-292a-2b2c2d2e2f30");

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    private readonly IGuest _guest = Guest.CreateDestination(GuestSizes.Busy(GuestKind.Synthetic));
    private readonly MigrationListener _listener = MigrationListener.Bind(MigrationAddress.Of(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0)));
    private readonly CancellationTokenSource _end = new();
    private readonly Task<MigrationResult> _ended;
    private readonly List<string> _log = [];

    public DoorScene(Func<MigrationDestinationOptions, MigrationDestinationOptions>? change = null)
    {
        var options = new MigrationDestinationOptions { Log = Log };
        _ended = new MigrationDestination(_guest.Memory, _guest, change?.Invoke(options) ?? options).RunAsync(_listener, _end.Token);
    }

    public MigrationAddress Address => _listener.Address;

    /// <summary>What the destination has logged so far.</summary>
    public string[] Lines
    {
        get
        {
            lock (_log) return [.. _log];
        }
    }

    /// <summary>The first words of a source that fits.</summary>
    public async Task<ControlLink> ConnectAsync(int channels)
    {
        var preamble = new byte[Preamble.Size];
        new Preamble(ConnectionRole.Control, 0, ProtocolVersion.Oldest, ProtocolVersion.Newest, Session, Mac: 0).Write(preamble);
        var link = new ControlLink(Caller.Say(Address, preamble), MigrationSide.Source, TimeProvider.System);
        await link.SendAsync(Hello(channels), default);
        return link;
    }

    /// <summary>Hears ACCEPT and the journal that the destination names, and names one: the record of both stands.</summary>
    public static async Task<AcceptMessage> OpenAsync(ControlLink link)
    {
        var accept = Assert.IsType<AcceptMessage>(await link.ReceiveAsync(default));
        var opened = Assert.IsType<HandoverMessage>(await link.ReceiveAsync(default));
        Assert.Equal((HandoverWord.Open, MigrationSide.Destination), (opened.Word, opened.Side));
        await link.SendAsync(opened with { Side = MigrationSide.Source, Journal = Guid.NewGuid() }, default);
        return accept;
    }

    /// <summary>The HELLO of a source that fits.</summary>
    public HelloMessage Hello(int channels) => new()
    {
        Image = Guid.NewGuid(),
        Attempt = 1,
        MayRetry = false,
        Offered = PageFeatures.Handover,
        Required = PageFeatures.Handover,
        PageSize = PageGeometry.PageSize,
        Channels = channels,
        VerifyAllPages = false,
        Blocks = [.. _guest.Memory.Blocks.Select(BlockLayout.Of)],
        Sections = [.. _guest.Sections.Select(section => new SectionLayout(section.Id, section.Version, section.Size, 0, 0))],
    };

    /// <summary>Waits for a line of the log.</summary>
    public async Task AwaitLogAsync(string words)
    {
        using var limit = new CancellationTokenSource(Bound);
        while (!Lines.Any(line => line.Contains(words, StringComparison.Ordinal))) await Task.Delay(5, limit.Token);
    }

    /// <summary>Ends the destination.</summary>
    public async Task<MigrationResult> EndAsync()
    {
        await _end.CancelAsync();
        return await _ended.WaitAsync(Bound);
    }

    public void Dispose()
    {
        _end.Cancel();
        _ended.Wait(Bound);
        _listener.Dispose();
        _guest.Dispose();
        _end.Dispose();
    }

    private void Log(string line)
    {
        lock (_log) _log.Add(line);
    }
}
