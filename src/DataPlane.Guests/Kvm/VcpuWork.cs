using DataPlane.Guests.Running;
using DataPlane.Guests.Writing;
using DataPlane.Linux.Kvm;

namespace DataPlane.Guests.Kvm;

/// <summary>
/// Runs one vCPU at its pace: the guest leaves after each batch by a port write, and this thread sleeps until the next is due.
/// </summary>
internal sealed unsafe class VcpuWork(KvmVcpu vcpu, KvmDirtyRing? ring, WriterBlock* writer, WriterSchedule schedule, Action markOrders) : IGuestWork, IDisposable
{
    private readonly PreciseWait _wait = new();
    private volatile bool _interrupted;

    public void Prepare()
    {
        _interrupted = false;
        vcpu.ClearExitRequest();
        _wait.Reset();
    }

    public void Run()
    {
        schedule.Resume();
        while (true)
        {
            switch (vcpu.Run())
            {
                case KvmExit.Io:
                    // The port write is completed by the next entry, which is why there always is one before the guest counts as
                    // stopped.
                    AwaitBatch();
                    break;
                case KvmExit.DirtyRingFull when ring is not null:
                    ring.Harvest();
                    break;
                case KvmExit.Interrupted when _interrupted:
                    schedule.Pause();
                    return;
                case KvmExit.Interrupted:
                    break; // A signal meant for something else.
                case var exit:
                    throw new InvalidOperationException($"The vCPU left the guest for '{exit}' at address 0x{vcpu.GetRegisters().Rip:x}.");
            }
        }
    }

    private void AwaitBatch()
    {
        while (!_interrupted)
        {
            var nanoseconds = schedule.Wait(ref *writer, (uint*)((byte*)writer + WriterBlock.ListAt), out var changed);
            if (changed) markOrders(); // Written by this process, which KVM's log does not see.
            if (nanoseconds == 0) return;
            _wait.Wait(nanoseconds);
        }
    }

    public void Interrupt(int threadId)
    {
        _interrupted = true;
        vcpu.RequestExit();
        _wait.Wake();
        ThreadKick.Send(threadId);
    }

    public void Dispose() => _wait.Dispose();
}
