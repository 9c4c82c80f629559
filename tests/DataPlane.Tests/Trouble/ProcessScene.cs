using System.Diagnostics;
using DataPlane.Core.Wire;
using DataPlane.Guests;
using DataPlane.Results;

namespace DataPlane.Tests.Trouble;

/// <summary>What the scenes with one side in a process of its own share: the guest, the relay's trigger, the clock of the trouble.</summary>
internal sealed class ProcessScene(TroubleCase @case, bool guestIsThere) : IDisposable
{
    /// <summary>As the program is told to make it.</summary>
    public const string GuestOptions = "--guest synthetic --memory 8MiB --working-set 2MiB --dirty 100MiB/s --fill random --device-state 16KiB";

    // Ends a case that hangs; no case waits for it. A process starts within that on a machine that does much else.
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(120);

    private readonly StallMeter _stalls = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _struckAt;
    private long _resumedAt;
    private int _struck;

    /// <summary>The same guest in this process.</summary>
    public static GuestOptions Guest { get; } = new()
    {
        Kind = GuestKind.Synthetic, MemoryBytes = 8 << 20, WorkingSetBytes = 2 << 20, DirtyBytesPerSecond = 100 << 20, Fill = MemoryFill.Random, DeviceStateBytes = 16 << 10,
    };

    /// <summary>The guest is stopped. One in another process counts as such behind the first fence: the rest fits then, there is no other pass.</summary>
    public bool Stopped { get; set; }

    /// <summary>
    /// Has the trouble strike at the case's moment, which waits until it has struck. Where the case holds, a frame under way goes no further
    /// then: else all that is left may have gone out before the process heard the signal, and be there, and the moment would settle nothing.
    /// </summary>
    /// <param name="act">What is done to the process; its argument completes when the side in this process has ended.</param>
    public void Arm(WireRelay relay, Func<Task, Task> act)
    {
        var when = @case.When;
        if (when.Within) relay.WithinFrame = async unit => await StrikeAsync(unit);
        relay.BeforeUnit = async unit =>
        {
            Stopped |= guestIsThere && unit.Message == ControlMessageType.Fenced;
            if (!when.Within) await StrikeAsync(unit);
            return Fate.Passes;
        };

        async ValueTask StrikeAsync(WireUnit unit)
        {
            if (!when.Unit!(unit) || (when.AfterPause && !Stopped) || Interlocked.Exchange(ref _struck, 1) != 0) return;
            _struckAt = Stopwatch.GetTimestamp();
            await act(_ended.Task);
            _struckAt = Stopwatch.GetTimestamp(); // Sending a signal takes a program of its own.
            if (@case.Holds && !unit.IsControl) _ = await Task.WhenAny(_ended.Task, relay.Over);
        }
    }

    /// <summary>The source's guest, in this process, runs again.</summary>
    public void RunsAgain() => _resumedAt = Stopwatch.GetTimestamp();

    public void Dispose() => _stalls.Dispose();

    /// <summary>How long after the trouble <paramref name="ending"/> completed.</summary>
    public async Task<(MigrationResult Result, TimeSpan Took)> EndAsync(Task<MigrationResult> ending)
    {
        var result = await ending.WaitAsync(Hang);
        var took = Stopwatch.GetElapsedTime(_struckAt);
        var stalls = _stalls.Longest;
        _ended.SetResult();
        if (_struck == 0) throw new MomentMissedException($"{result.Error}");
        BoundCheck.AssertKept(@case.Bound, took, _resumedAt == 0 ? null : Stopwatch.GetElapsedTime(_struckAt, _resumedAt), stalls);
        return (result, took);
    }
}
