using DataPlane.Core.Errors;
using DataPlane.Core.Memory;
using DataPlane.Core.Wire.Messages;
using DataPlane.Linux.Memory;
using DataPlane.Sessions;

namespace DataPlane.Source;

/// <summary>
/// Compares every page of the two memories while both sides stand still: the source sends a sum of each of its pages, the destination
/// compares them with its own. Pages that are discarded are left out, and those that the destination's devices wrote while loading.
/// </summary>
internal sealed class MemoryComparison(SourceState state)
{
    public async Task<VerifiedMessageCounts> RunAsync()
    {
        var holes = new HoleFinder(state.Memory);
        var start = state.Clock.Nanoseconds;
        foreach (var block in state.Memory.Blocks)
        {
            for (var page = Next(block, 0, discarded: false); page < block.PageCount;)
            {
                var count = (int)Math.Min(PageSumsMessage.MaxSums, Next(block, page, discarded: true) - page);
                var sums = PageSums.Of(block, holes, page, count, state.Fault.Stopping);
                await state.Link.SendAsync(new PageSumsMessage((uint)block.Index, page, sums), state.Fault.Stopping);
                page = Next(block, page + count, discarded: false);
            }
        }
        await state.Link.SendAsync(new PageSumsMessage(0, 0, []), state.Fault.Stopping);
        var verified = await VerifiedAsync(state.Since(start));
        if (verified.Mismatched > 0)
            throw new MigrationException(new MigrationError(
                MigrationErrorCode.VerifyMismatch, MigrationSide.Destination, "verify",
                $"{verified.Mismatched} of {verified.Pages} pages differ between the two sides; the first is {verified.FirstMismatch}."));
        return new VerifiedMessageCounts(verified.Pages, verified.Mismatched);
    }

    private static long Next(RamBlock block, long page, bool discarded) =>
        block.Info.Discarded is { } map ? map.Next(page, discarded) : discarded ? block.PageCount : page;

    /// <summary>
    /// The destination compares while the sums come in. When the last is sent it may be behind by what is on its way; if that takes longer
    /// than all sums took here, and the idle timeout besides, it hangs.
    /// </summary>
    private async Task<VerifiedMessage> VerifiedAsync(TimeSpan summing)
    {
        var allowed = state.Options.IdleTimeout + summing;
        try
        {
            return await state.Return!.Verified.WaitAsync(allowed, state.Clock.Time, state.Fault.Stopping);
        }
        catch (TimeoutException)
        {
            throw new MigrationException(new MigrationError(
                MigrationErrorCode.Timeout, MigrationSide.Source, state.Step,
                $"The destination did not say within {allowed.TotalSeconds:0.###} s after the last sum how the comparison turned out."));
        }
    }
}
