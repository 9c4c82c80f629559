using DataPlane.Tools.Shaping;

namespace DataPlane.Bench.Tools;

/// <summary>Two networks whose link the kernel holds to a rate. Needs root.</summary>
internal sealed class HeldLink : IAsyncDisposable
{
    private readonly ShapedLink _link;

    private HeldLink(ShapedLink link) => _link = link;

    public Network Source => Network.Of(_link.SourceCommandPrefix);

    public Network Destination => Network.Of(_link.DestinationCommandPrefix);

    /// <summary>Where a destination listens.</summary>
    public string DestinationAddress => _link.Listen.Host!;

    /// <summary>Makes it; null with the reason on standard error where that cannot be done here.</summary>
    public static async Task<HeldLink?> TryMakeAsync(int gigabits)
    {
        try
        {
            return new HeldLink(await ShapedLink.OpenAsync(new LinkShape { BytesPerSecond = gigabits * 125_000_000L }, ShapingChoice.Namespaces, default));
        }
        catch (ShapingException refused)
        {
            await Console.Error.WriteLineAsync($"no shaped links: {refused.Message}");
            return null;
        }
    }

    public ValueTask DisposeAsync() => _link.DisposeAsync();
}
