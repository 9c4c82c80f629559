using DataPlane.Core.Codecs;
using DataPlane.Core.Wire.Frames;
using DataPlane.Linux.Codecs;

namespace DataPlane.Fuzz.Targets;

/// <summary>All targets by name, cheap ones first. A codec that this host lacks is none.</summary>
internal static class TargetList
{
    private static readonly Dictionary<string, Func<IFuzzTarget>> _makers = Makers();

    public static IEnumerable<string> Names => _makers.Keys;

    /// <summary>Throws <see cref="InvalidDataException"/> for a name that is none here.</summary>
    public static IFuzzTarget Create(string name) =>
        _makers.TryGetValue(name, out var make) ? make() : throw new InvalidDataException($"There is no target '{name}' on this host.");

    private static Dictionary<string, Func<IFuzzTarget>> Makers()
    {
        var makers = new Dictionary<string, Func<IFuzzTarget>>(StringComparer.Ordinal)
        {
            ["preamble"] = () => new PreambleTarget(),
            ["message"] = () => new MessageTarget(),
        };
        foreach (var encoding in (PageEncoding[])[PageEncoding.Lz4, PageEncoding.Zstd])
            if (PageCodecs.WhyMissing(encoding) is null) makers[encoding.ToString().ToLowerInvariant()] = () => new CodecTarget(encoding);
        makers["pages"] = () => new ChannelTarget("pages", FrameKind.Pages);
        makers["zero-stripes"] = () => new ChannelTarget("zero-stripes", FrameKind.ZeroStripes);
        makers["device-state"] = () => new ChannelTarget("device-state", FrameKind.DeviceState);
        makers["fence"] = () => new ChannelTarget("fence", FrameKind.Fence);
        makers["channel"] = () => new ChannelTarget("channel", null);
        makers["return-path"] = () => new ReturnTarget();
        makers["destination"] = () => new DestinationTarget();
        makers["door"] = () => new DoorTarget();
        makers["session"] = () => new SessionTarget();
        return makers;
    }
}
