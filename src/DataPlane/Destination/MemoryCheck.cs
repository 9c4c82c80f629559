using DataPlane.Core.Dirty;
using DataPlane.Core.Errors;
using DataPlane.Core.Memory;
using DataPlane.Core.Wire.Messages;
using DataPlane.Linux.Memory;
using DataPlane.Sessions;

namespace DataPlane.Destination;

/// <summary>The destination's half of the comparison: its own sums against the source's, page by page.</summary>
internal sealed class MemoryCheck(GuestMemory memory, DirtyBitmap writtenByHost)
{
    private HoleFinder? _holes; // Made when sums come: it asks the system about every file, 1.5 ms of a blackout that compares nothing.
    private string _first = "";

    public long Pages { get; private set; }

    public long Mismatched { get; private set; }

    public VerifiedMessage Outcome => new(Pages, Mismatched, _first);

    public void Compare(PageSumsMessage message, CancellationToken cancel)
    {
        if (message.Block >= memory.Blocks.Count || message.FirstPage < 0
            || message.FirstPage > memory.Blocks[(int)message.Block].PageCount - message.Sums.Length)
            throw new MigrationException(new MigrationError(
                MigrationErrorCode.ProtocolViolation, MigrationSide.Destination, "verify",
                $"Sums of pages {message.FirstPage} to {message.FirstPage + message.Sums.Length - 1} of block {message.Block} came; there are no such pages."));
        var block = memory.Blocks[(int)message.Block];
        _holes ??= new HoleFinder(memory);
        var own = PageSums.Of(block, _holes, message.FirstPage, message.Sums.Length, cancel);
        for (var i = 0; i < own.Length; i++)
        {
            var page = message.FirstPage + i;
            if (writtenByHost.IsSet(block, page)) continue;
            Pages++;
            if (own[i] == message.Sums[i]) continue;
            if (Mismatched++ == 0) _first = $"page {page} of block '{block.Info.Name}'";
        }
    }
}
