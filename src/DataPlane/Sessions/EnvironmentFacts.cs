using System.Reflection;
using System.Runtime.InteropServices;
using DataPlane.Linux;
using DataPlane.Results;

namespace DataPlane.Sessions;

/// <summary>What a result ran on.</summary>
internal static class EnvironmentFacts
{
    public static EnvironmentReport Collect(IReadOnlyDictionary<string, string> options) => new(
        typeof(EnvironmentFacts).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
        RuntimeInformation.FrameworkDescription,
        HostFacts.CpuModel,
        Environment.ProcessorCount,
        HostFacts.KernelRelease,
        options);
}
