using DataPlane.Core.Wire.Messages;

namespace DataPlane.Tools.Link;

/// <summary>The server's sender, by orders.</summary>
internal sealed class RemoteSender(LinkOrders orders) : ILinkSender
{
    public Task BulkAsync(CancellationToken cancel) => orders.CarryOutAsync(LinkOrderKind.Bulk, 0, cancel);

    public Task<LinkSent> FenceAsync(CancellationToken cancel) => orders.CarryOutAsync(LinkOrderKind.Fence, 0, cancel);

    public Task<LinkSent> FinalSetAsync(long bytes, CancellationToken cancel) => orders.CarryOutAsync(LinkOrderKind.FinalSet, bytes, cancel);
}
