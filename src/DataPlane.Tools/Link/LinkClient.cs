using DataPlane.Core.Errors;
using DataPlane.Sessions;

namespace DataPlane.Tools.Link;

/// <summary>
/// Measures what a link to a <see cref="LinkServer"/> carries, with the channels, frames and socket options of a migration, from memory to memory. One
/// object measures once.
/// </summary>
public sealed class LinkClient
{
    private readonly LinkOptions _options;
    private readonly SessionClock _clock = new(TimeProvider.System);
    private volatile LinkRun? _run;
    private int _started;

    /// <summary>Throws <see cref="ArgumentException"/> with every fault of <paramref name="options"/>.</summary>
    public LinkClient(LinkOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var faults = options.Validate();
        if (faults.Count > 0) throw new ArgumentException(string.Join(" ", faults), nameof(options));
        _options = options;
    }

    /// <summary>How it stands now; null before it has begun. From any thread.</summary>
    public LinkProgress? Progress => _run?.Progress;

    /// <summary>
    /// Measures. Failures of the network and of the server are results, not exceptions; what was measured before stands in them. Throws
    /// <see cref="ArgumentException"/> where local addresses are named for a UNIX socket.
    /// </summary>
    /// <param name="to">Where the server listens.</param>
    /// <param name="stop">Calls it off: the result, with what was measured until then, comes within about two seconds.</param>
    public async Task<LinkResult> RunAsync(MigrationAddress to, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(to);
        if (to.Path is not null && _options.LocalAddresses.Count > 0)
            throw new ArgumentException("Local addresses are for TCP; a UNIX socket has none.", nameof(to));
        if (Interlocked.Exchange(ref _started, 1) != 0) throw new InvalidOperationException("This client has measured; another measurement takes a new one.");
        using var memories = new LinkMemories();
        var runs = new List<LinkRun>();
        MigrationError? error = null;
        foreach (var channels in _options.Channels)
        {
            if (stop.IsCancellationRequested) break;
            runs.Add(_run = new LinkRun(_options, channels, _clock));
            try
            {
                await _run.RunAsync(to, memories, _options.Channels.Count - runs.Count, stop);
            }
            catch (MigrationException fault)
            {
                error = fault.Error;
                break;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                break;
            }
        }
        return new LinkReport(_options, to).Build(runs, error, stop.IsCancellationRequested && runs.Count(run => run.IsComplete) < _options.Channels.Count);
    }
}
