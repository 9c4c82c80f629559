using DataPlane.Core.Errors;
using DataPlane.Host;
using DataPlane.Native.Errors;
using DataPlane.Native.Structs;

namespace DataPlane.Native.Hosting;

/// <summary>The VMM's arbiter.</summary>
internal sealed unsafe class CallbackArbiter : IOwnershipArbiter
{
    private readonly DpArbiter _arbiter;

    public CallbackArbiter(DpArbiter arbiter)
    {
        StructCopy.Zero(arbiter.Reserved, "dp_arbiter");
        if (arbiter.Decide == null) throw NativeException.Argument("dp_arbiter has no decide.");
        _arbiter = arbiter;
        Id = NativeText.Need(arbiter.Id, "The arbiter's id");
    }

    public string Id { get; }

    public ValueTask<MigrationSide> DecideAsync(OwnershipClaim claim, CancellationToken cancel) => new(Task.Run(() => Decide(claim), cancel).WaitAsync(cancel));

    private MigrationSide Decide(OwnershipClaim claim)
    {
        var asked = new DpClaim { StructSize = (uint)sizeof(DpClaim), Attempt = claim.Attempt, Turn = claim.Turn, Claimant = (int)claim.Claimant };
        _ = claim.Image.TryWriteBytes(new Span<byte>(asked.Image, 16), bigEndian: true, out _);
        var verdict = _arbiter.Decide(_arbiter.Opaque, &asked);
        return verdict is 0 or 1 ? (MigrationSide)verdict : throw new HostCallbackException($"The arbiter returned {verdict}.");
    }
}
