using System.Globalization;
using DataPlane.Options;

namespace DataPlane.Bench.Compare.Peer;

/// <summary>What a peer process was asked for; only ever written by <see cref="OurRun"/>.</summary>
internal sealed record PeerOptions
{
    public required string File { get; init; }

    public required long Bytes { get; init; }

    /// <summary>Where to listen or connect.</summary>
    public string Address { get; init; } = "tcp:127.0.0.1:0";

    /// <summary>Destination: what it says of its memory. Its page tables are set up before it listens where it says populated or fresh.</summary>
    public DestinationMemory Memory { get; init; } = DestinationMemory.Populated;

    /// <summary>Destination: have the product set up the page tables.</summary>
    public bool Populate { get; init; }

    /// <summary>Source: what is not named here is as the product has it by default.</summary>
    public MigrationOptions Migration { get; init; } = new();

    /// <summary>Source: bytes per second of each data channel's pacing (SO_MAX_PACING_RATE); 0 for none.</summary>
    public long PacingRate { get; init; }

    /// <summary>Source: bytes that the guest has written, in scattered pages, when it is stopped.</summary>
    public long FinalBytes { get; init; }

    public static PeerOptions Read(string[] words)
    {
        var options = new PeerOptions { File = "", Bytes = 0 };
        for (var i = 0; i + 1 < words.Length; i += 2)
            options = With(options, words[i], words[i + 1]);
        return options;
    }

    private static PeerOptions With(PeerOptions options, string name, string value) => name switch
    {
        "--file" => options with { File = value },
        "--bytes" => options with { Bytes = Number(value) },
        "--address" => options with { Address = value },
        "--memory" => options with { Memory = Enum.Parse<DestinationMemory>(value) },
        "--populate" => options with { Populate = bool.Parse(value) },
        "--pacing" => options with { PacingRate = Number(value) },
        "--final" => options with { FinalBytes = Number(value) },
        "--channels" => options with { Migration = options.Migration with { Channels = (int)Number(value) } },
        "--compression" => options with { Migration = options.Migration with { Compression = Enum.Parse<PageCompression>(value) } },
        "--max-bandwidth" => options with { Migration = options.Migration with { MaxBytesPerSecond = Number(value) } },
        "--congestion" => options with { Migration = options.Migration with { Congestion = value } },
        "--integrity" => options with { Migration = options.Migration with { Integrity = Enum.Parse<IntegrityMode>(value) } },
        _ => throw new ArgumentException($"'{name}' is no option of a peer."),
    };

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
