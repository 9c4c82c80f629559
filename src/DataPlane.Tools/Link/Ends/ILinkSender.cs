namespace DataPlane.Tools.Link;

/// <summary>What was sent for an order, and how long it took until the answer to the fence behind it was heard.</summary>
internal readonly record struct LinkSent(long WireBytes, TimeSpan Time);

/// <summary>The end of one way that sends, here or at the peer's. One call at a time.</summary>
internal interface ILinkSender
{
    /// <summary>Begins to send all the memory again and again. Returns when the channels have been told.</summary>
    Task BulkAsync(CancellationToken cancel);

    /// <summary>Ends a bulk; returns when all that was sent is placed at the other end.</summary>
    Task<LinkSent> FenceAsync(CancellationToken cancel);

    /// <summary>Sends so many bytes of single pages scattered over the memory, with a fence behind them. Not beside a bulk.</summary>
    Task<LinkSent> FinalSetAsync(long bytes, CancellationToken cancel);
}
