using DataPlane.Core.Errors;
using DataPlane.Guests;
using DataPlane.Handover;
using DataPlane.Options;
using DataPlane.Results;

namespace DataPlane.Peer;

/// <summary>One guest's memory and vCPUs, which the guest leaves and comes back to. For as long as the process lives.</summary>
internal sealed class PeerGuest : IDisposable
{
    private readonly IGuest _guest;
    private readonly CountingHost _counting;
    private readonly RunningLog? _log;
    private readonly DyingHost _host;
    private MigrationSource? _source;
    private MigrationDestination? _destination;
    private MigrationListener? _listener;
    private Task<MigrationResult>? _coming;

    public PeerGuest(GuestOptions options, bool here)
    {
        _guest = here ? Guest.CreateSource(options) : Guest.CreateDestination(options with { Poison = true });
        _counting = new CountingHost(_guest);
        if (Environment.GetEnvironmentVariable("DATAPLANE_PEER_LOG") is { } log) _log = new RunningLog(log, () => _guest.WriteCount);
        _host = new DyingHost(_counting, _log);
        if (!here) return;
        _log?.LetGo();
        _guest.Start();
    }

    public MigrationAddress Listen(PeerRequest request)
    {
        _listener = MigrationListener.Bind(Parse(request.Address));
        var options = new MigrationDestinationOptions
        {
            Memory = DestinationMemory.Populated,
            Journal = request.Journal,
            Arbiter = Arbiter(request),
            HandoverTimeout = TimeSpan.FromSeconds(request.HandoverSeconds),
        };
        _destination?.Dispose();
        _destination = new MigrationDestination(_guest.Memory, _host, options);
        _coming = _destination.RunAsync(_listener, CancellationToken.None);
        return _listener.Address;
    }

    /// <summary>What is in doubt on this side: asks again, or goes by <paramref name="told"/>.</summary>
    public async Task<MoveOutcome> SettleAsync(MigrationSide? told) => Outcome(
        _destination is { Progress.Status: MigrationStatus.Uncertain }
            ? await _destination.SettleAsync(told, CancellationToken.None) : await _source!.SettleAsync(told, CancellationToken.None));

    public async Task<MoveOutcome> TakeAsync()
    {
        var result = await (_coming ?? throw new InvalidOperationException("Nothing is waited for."));
        if (result.Status != MigrationStatus.Uncertain) _listener!.Dispose();
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
            Timeout = TimeSpan.FromSeconds(request.ForceAfterSeconds),
            OnTimeout = TimeoutPolicy.Force,
            Journal = request.Journal,
            Arbiter = Arbiter(request),
            HandoverTimeout = TimeSpan.FromSeconds(request.HandoverSeconds),
        };
        _source?.Dispose();
        _source = new MigrationSource(_guest.Memory, dirty, _host, options);
        return Outcome(await _source.RunAsync(Parse(request.Address), CancellationToken.None));
    }

    public async Task<GuestLook> LookAsync()
    {
        var running = _guest.IsRunning;
        if (running) await _host.PauseAsync(CancellationToken.None);
        if (!running && _guest.WriteCount == 0) return new GuestLook(false, false, 0, 0, "no guest has come here");
        var report = _guest.CheckInvariant();
        if (running)
        {
            _log?.LetGo();
            await _guest.ResumeAsync(CancellationToken.None);
        }
        return new GuestLook(running, report.Holds, report.WriteCount, _counting.Moves, report.ToString());
    }

    public void Dispose()
    {
        _source?.Dispose();
        _destination?.Dispose();
        _listener?.Dispose();
        _log?.Dispose();
        _guest.Dispose();
    }

    private static FileArbiter? Arbiter(PeerRequest request) => request.Arbiter is { } folder ? new FileArbiter(folder) : null;

    public static MigrationAddress Parse(string text) =>
        MigrationAddress.TryParse(text, out var address, out var fault) ? address! : throw new FormatException(fault);

    private static MoveOutcome Outcome(MigrationResult result) => new(
        result.Status.ToString(),
        result.Error is { } error ? $"{error.Code} at the {error.Side} in {error.Step}: {error.Message}" : null,
        result.Passes.Count,
        result.Verify?.Pages ?? 0);
}
