using System.Net;
using System.Net.NetworkInformation;
using System.Reflection;
using System.Runtime.InteropServices;
using DataPlane.Linux.Codecs;
using DataPlane.Linux.Host;
using DataPlane.Options;
using DataPlane.Tools;

namespace DataPlane.Cli.Doctor;

/// <summary>Describes this host as it is seen from a connection.</summary>
internal static class HostReading
{
    /// <param name="checks">This host's examination.</param>
    /// <param name="local">This host's end of the connection.</param>
    public static HostDescription Of(IReadOnlyList<Check> checks, IPAddress local)
    {
        var files = new HostFiles();
        var report = DoctorReport.Of(checks);
        var card = InterfaceOf(local);
        return new HostDescription
        {
            Name = Environment.MachineName,
            Version = typeof(HostReading).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
            OldestProtocol = MigrationProtocol.Oldest,
            NewestProtocol = MigrationProtocol.Newest,
            Architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(),
            Kernel = files.Read("proc/sys/kernel/osrelease").Text ?? "unknown",
            PageBytes = Environment.SystemPageSize,
            Cpu = files.Field("proc/cpuinfo", "model name") ?? files.Field("proc/cpuinfo", "CPU part") ?? "unknown",
            CpuFeatures = CpuFeatures.Of(files),
            Kvm = checks.Any(check => check is { Name: "kvm", Status: CheckStatus.Ok }),
            Lz4 = CodecLibraries.Lz4.IsAvailable ? CodecLibraries.Lz4.Version : null,
            Zstd = CodecLibraries.Zstd.IsAvailable ? CodecLibraries.Zstd.Version : null,
            Interface = card,
            InterfaceMegabits = card is not null && files.Number($"sys/class/net/{card}/speed") is > 0 and var speed ? speed : null,
            InterfaceMtu = card is null ? null : files.Number($"sys/class/net/{card}/mtu"),
            SendBufferBytes = Most(files, "tcp_wmem"),
            ReceiveBufferBytes = Most(files, "tcp_rmem"),
            Congestion = files.Read("proc/sys/net/ipv4/tcp_congestion_control").Text,
            Channels = DefaultChannels.Count,
            CanMigrate = report.CanMigrate,
            Checks = report.Checks,
        };
    }

    private static string? InterfaceOf(IPAddress local)
    {
        if (local.IsIPv4MappedToIPv6) local = local.MapToIPv4();
        try
        {
            return NetworkInterface.GetAllNetworkInterfaces()
                .FirstOrDefault(each => each.GetIPProperties().UnicastAddresses.Any(own => own.Address.Equals(local)))?.Name;
        }
        catch (NetworkInformationException)
        {
            return null; // The kernel does not tell this user; the rest of the description stands.
        }
    }

    private static long? Most(HostFiles files, string name) =>
        (files.Read($"proc/sys/net/ipv4/{name}").Text ?? "").Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries) is [_, _, var most]
        && long.TryParse(most, out var bytes) ? bytes : null;
}
