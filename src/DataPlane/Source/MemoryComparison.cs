using DataPlane.Core.Errors;
using DataPlane.Core.Memory;
using DataPlane.Core.Wire.Messages;
using DataPlane.Linux.Memory;
using DataPlane.Sessions;

namespace DataPlane.Source;

/// <summary>
/// Compares every page of the two memories while both sides stand still: the source sends a sum of each of its pages, the destination
/// compares them with its own. Pages that the destination's devices wrote while loading are left out.
/// </summary>
internal sealed class MemoryComparison(SourceState state)
{
    public async Task<VerifiedMessageCounts> RunAsync()
    {
        var holes = new HoleFinder(state.Memory);
        foreach (var block in state.Memory.Blocks)
        {
            for (long page = 0; page < block.PageCount; page += PageSumsMessage.MaxSums)
            {
                var count = (int)Math.Min(PageSumsMessage.MaxSums, block.PageCount - page);
                var sums = PageSums.Of(block, holes, page, count);
                await state.Link.SendAsync(new PageSumsMessage((uint)block.Index, page, sums), state.Fault.Stopping);
            }
        }
        await state.Link.SendAsync(new PageSumsMessage(0, 0, []), state.Fault.Stopping);
        var verified = await state.Return!.Verified.WaitAsync(state.Fault.Stopping);
        if (verified.Mismatched > 0)
            throw new MigrationException(new MigrationError(
                MigrationErrorCode.VerifyMismatch, MigrationSide.Destination, "verify",
                $"{verified.Mismatched} of {verified.Pages} pages differ between the two sides; the first is {verified.FirstMismatch}."));
        return new VerifiedMessageCounts(verified.Pages, verified.Mismatched);
    }
}
