using DataPlane.Tests.Cli;
using DataPlane.Tests.Kit;

namespace DataPlane.Tests.Interop;

/// <summary>The C VMM as a process.</summary>
internal static class Vmm
{
    /// <summary>Skips the test where there is no VMM to be had, or no KVM for it.</summary>
    public static void OrSkip() => NeedsKvm.OrSkip();

    public static ProgramProcess Start(string line)
    {
        OrSkip();
        return ProgramProcess.StartFile("vmm", line);
    }
}
