using System.CommandLine;
using System.Net.Sockets;
using DataPlane.Cli.Options;
using DataPlane.Cli.Output;
using DataPlane.Cli.Units;
using DataPlane.Core.Memory;
using DataPlane.Tools.Link;

namespace DataPlane.Cli.Link;

/// <summary>The options of <c>link server</c>.</summary>
internal sealed class LinkServerOptionSet
{
    private static readonly string _everywhere = $"tcp:{(Socket.OSSupportsIPv6 ? "[::]" : "0.0.0.0")}:{LinkOptions.DefaultPort}";

    public ValueOption<MigrationAddress> Listen { get; } = new(
        "--listen", "ADDR", _everywhere, "Where to listen: tcp:HOST:PORT, tcp:[IPV6]:PORT or unix:PATH. Port 0 picks one; the address in effect is printed.",
        "an ADDR such as tcp:0.0.0.0:5299, tcp:[::]:5299 or unix:PATH of at most 107 bytes", Readers.Address);

    public ValueOption<long> MemoryLimit { get; } = new(
        "--memory-limit", "SIZE", "4GiB", "Most memory that a client may ask for, for each way.", ByteSize.Form + ", 2MiB and more", Readers.Size(PageGeometry.StripeSize, 1));

    public FlagOption Once { get; } = new("--once", "End when one client is through, with all of its sweep.");

    public ValueOption<ProgressMode> Progress { get; } = new CommonOptionSet().Progress;

    public IReadOnlyList<Option> All => [Listen, MemoryLimit, Once, Progress];

    public LinkServerOptions Read(ParseResult parse, Action<string> log) =>
        new() { MaxMemoryBytes = MemoryLimit.Value(parse), OnlyOne = Once.Value(parse), Log = log };
}
