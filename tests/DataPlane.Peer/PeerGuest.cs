using DataPlane.Guests;
using DataPlane.Options;
using DataPlane.Results;

namespace DataPlane.Peer;

/// <summary>One guest's memory and vCPUs, which the guest leaves and comes back to. For as long as the process lives.</summary>
internal sealed class PeerGuest : IDisposable
{
    private readonly IGuest _guest;
    private readonly CountingHost _host;
    private MigrationListener? _listener;
    private Task<MigrationResult>? _coming;

    public PeerGuest(GuestOptions options, bool here)
    {
        _guest = here ? Guest.CreateSource(options) : Guest.CreateDestination(options with { Poison = true });
        _host = new CountingHost(_guest);
        if (here) _guest.Start();
    }

    public MigrationAddress Listen(string address)
    {
        _listener = MigrationListener.Bind(Parse(address));
        var options = new MigrationDestinationOptions { Memory = DestinationMemory.Populated };
        _coming = new MigrationDestination(_guest.Memory, _host, options).RunAsync(_listener, CancellationToken.None);
        return _listener.Address;
    }

    public async Task<MoveOutcome> TakeAsync()
    {
        var result = await (_coming ?? throw new InvalidOperationException("Nothing is waited for."));
        _listener!.Dispose();
        _coming = null;
        return Outcome(result);
    }

    public async Task<MoveOutcome> SendAsync(PeerRequest request)
    {
        using var dirty = _guest.CreateDirtySource(request.DirtySource);
        var options = new MigrationOptions
        {
            Channels = request.Channels,
            Compression = request.Compression,
            Verify = VerifyMode.Full,
            // Small enough that passes are needed.
            DowntimeLimit = TimeSpan.FromMilliseconds(20),
            AvailSwitchoverBytesPerSecond = 100L << 20,
            Timeout = TimeSpan.FromSeconds(10),
            OnTimeout = TimeoutPolicy.Force,
        };
        return Outcome(await new MigrationSource(_guest.Memory, dirty, _host, options).RunAsync(Parse(request.Address), CancellationToken.None));
    }

    public async Task<GuestLook> LookAsync()
    {
        var running = _guest.IsRunning;
        if (running) await _guest.PauseAsync(CancellationToken.None);
        var report = _guest.CheckInvariant();
        if (running) await _guest.ResumeAsync(CancellationToken.None);
        return new GuestLook(running, report.Holds, report.WriteCount, _host.Moves, report.ToString());
    }

    public void Dispose()
    {
        _listener?.Dispose();
        _guest.Dispose();
    }

    public static MigrationAddress Parse(string text) =>
        MigrationAddress.TryParse(text, out var address, out var fault) ? address! : throw new FormatException(fault);

    private static MoveOutcome Outcome(MigrationResult result) => new(
        result.Status.ToString(),
        result.Error is { } error ? $"{error.Code} at the {error.Side} in {error.Step}: {error.Message}" : null,
        result.Passes.Count,
        result.Verify?.Pages ?? 0);
}
