using System.Buffers.Binary;
using DataPlane.Core.Errors;
using DataPlane.Fuzz.Mutation;
using DataPlane.Fuzz.Recording;
using DataPlane.Results;
using DataPlane.Tests.Kit;

namespace DataPlane.Fuzz.Targets;

/// <summary>
/// A real source and a real destination with one message, one frame or some bytes changed between them, in either direction, while they
/// talk. Both end by themselves. Slow beside the others, and the only one in which each side answers the other's trouble.
/// </summary>
internal sealed class SessionTarget : IFuzzTarget
{
    private const int InputSize = 12;

    // How long either side waits for the other before it gives up: what was lost is not sent again.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(400);

    private readonly GuardedMemory _memory = new(SmallGuest.Blocks);

    public string Name => "session";

    public byte[] Make(Random random)
    {
        var input = new byte[InputSize];
        input[0] = (byte)random.Next(3); // The connection: control, or one of two data channels.
        input[1] = (byte)random.Next(input[0] == 0 ? 2 : 1); // Whether it is the destination's bytes.
        BinaryPrimitives.WriteUInt16LittleEndian(input.AsSpan(2), (ushort)random.Next(14)); // The message or frame; beyond the last: none.
        BinaryPrimitives.WriteInt64LittleEndian(input.AsSpan(4), random.NextInt64());
        return input;
    }

    public async Task RunAsync(byte[] input)
    {
        if (input.Length != InputSize) return;
        using var guest = new SmallGuest();
        var host = new SmallHost();
        var at = BinaryPrimitives.ReadUInt16LittleEndian(input.AsSpan(2));
        var random = new Random((int)BinaryPrimitives.ReadInt64LittleEndian(input.AsSpan(4)));
        var (sent, received) = await Recorder.MigrateAsync(guest, host, Recordings.Whole.Plan, Patience, (connection, fromSource) =>
            (connection, fromSource) == (input[0], input[1] == 0) ? new ItemTap(input[0] == 0, at, random).Pass : chunk => chunk, _memory);
        if (!_memory.GuardsAreIntact) throw new FuzzFault("Memory outside the guest's blocks was written.");
        Check(sent, MigrationSide.Source);
        Check(received, MigrationSide.Destination);
        if (sent.Status == MigrationStatus.Completed && !host.Resumed) throw new FuzzFault("The source says completed, and no guest runs on the destination.");
    }

    public void Dispose() => _memory.Dispose();

    private static void Check(MigrationResult result, MigrationSide side)
    {
        if (result.Error is { Code: MigrationErrorCode.Internal or MigrationErrorCode.OutOfResources or MigrationErrorCode.HostFailed } error && error.Side == side)
            throw new FuzzFault($"The {side} ended with {error.Code}: {error.Message}");
    }
}
