using System.Text.Json.Serialization;

namespace DataPlane.Cli.Doctor;

/// <summary>What a host tells another of itself: all that two hosts are compared by, and its own examination.</summary>
internal sealed record HostDescription
{
    public const string SchemaName = "dataplane.doctor-host/1";

    [JsonPropertyOrder(-1)]
    public string Schema { get; init; } = SchemaName;

    public required string Name { get; init; }

    /// <summary>Of this program.</summary>
    public required string Version { get; init; }

    public required int OldestProtocol { get; init; }

    public required int NewestProtocol { get; init; }

    public required string Architecture { get; init; }

    public required string Kernel { get; init; }

    public required int PageBytes { get; init; }

    public required string Cpu { get; init; }

    /// <summary>Those that a guest can come to depend on, by the kernel's names.</summary>
    public required IReadOnlyList<string> CpuFeatures { get; init; }

    public required bool Kvm { get; init; }

    /// <summary>The library's version; null where there is none.</summary>
    public required string? Lz4 { get; init; }

    public required string? Zstd { get; init; }

    /// <summary>The interface that the connection between the two goes through; null where it is not known.</summary>
    public required string? Interface { get; init; }

    public required long? InterfaceMegabits { get; init; }

    public required long? InterfaceMtu { get; init; }

    public required long? SendBufferBytes { get; init; }

    public required long? ReceiveBufferBytes { get; init; }

    public required string? Congestion { get; init; }

    /// <summary>As a migration has them where nothing else is asked for.</summary>
    public required int Channels { get; init; }

    public required bool CanMigrate { get; init; }

    public required IReadOnlyList<DoctorReport.Item> Checks { get; init; }
}
