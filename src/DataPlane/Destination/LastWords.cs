using DataPlane.Core.Errors;
using DataPlane.Core.Wire.Messages;
using DataPlane.Transport.Control;

namespace DataPlane.Destination;

/// <summary>Tells the source why this side gives up.</summary>
internal static class LastWords
{
    /// <summary>Never throws: a source that is not told finds out by the closed connection.</summary>
    public static async Task SayAsync(ControlLink link, MigrationError error, TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        try
        {
            await link.SendAsync(FailedMessage.Of(error), limit.Token);
        }
        catch (Exception lost) when (lost is MigrationException or OperationCanceledException or ObjectDisposedException)
        {
            // As said above.
        }
    }
}
