using System.Buffers;
using DataPlane.Guests.Devices;
using DataPlane.Guests.Writing;
using DataPlane.Linux.Kvm;

namespace DataPlane.Guests.Running;

/// <summary>
/// What a guest's host does in a blackout, done once before by a thread and a device that belong to no guest: code that runs for the first time is
/// slow (measured: saving and loading 64 KiB of opaque state 1 ms, and 0.04 ms from the second time on).
/// </summary>
internal static class GuestRehearsal
{
    // Two blocks and a bit, so that each way through the device's loops is taken.
    private const long StateBytes = 10_000;

    private static readonly Lazy<bool> Played = new(Play);

    /// <summary>Plays it in the first call.</summary>
    public static void Once() => _ = Played.Value;

    private static bool Play()
    {
        using (var work = new Work())
        using (var thread = new GuestThread("rehearsal", work))
        {
            for (var round = 0; round < 2; round++)
            {
                thread.RequestRun();
                thread.AwaitRunning();
                thread.RequestPark();
                thread.AwaitParked();
                thread.ThrowIfFailed();
            }
        }
        var device = new OpaqueDevice(new GuestOptions { DeviceStateBytes = StateBytes });
        var state = new ArrayBufferWriter<byte>();
        device.SaveAsync(state, CancellationToken.None).AsTask().Wait();
        device.LoadAsync(state.WrittenMemory, CancellationToken.None).AsTask().Wait();
        PlaySchedule();
        return true;
    }

    private static void PlaySchedule()
    {
        var plan = new WriterPlan(new DirtyOrders(), 0, 1, 1);
        var schedule = new WriterSchedule(plan.Phases, null, TimeProvider.System);
        schedule.Resume();
        schedule.Pause();
        var state = new ArrayBufferWriter<byte>();
        schedule.Save().Write(state);
        schedule.Load(WriterScheduleState.Read(state.WrittenSpan, out _), plan.Blocks[0]);
    }

    /// <summary>Waits to be interrupted.</summary>
    private sealed class Work : IGuestWork, IDisposable
    {
        private readonly PreciseWait _wait = new();

        public void Prepare() => _wait.Reset();

        public void Run() => _wait.Wait(-1);

        public void Interrupt(int threadId) => _wait.Wake();

        public void Dispose() => _wait.Dispose();
    }
}
