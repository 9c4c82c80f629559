using DataPlane.Tests.Cli;
using DataPlane.Tests.House;
using DataPlane.Tests.Kit;

namespace DataPlane.Tests.Interop;

/// <summary>The C VMM as a process, built before its first test, as the library is.</summary>
public sealed class Vmm : IDisposable
{
    private readonly BuiltLibrary _library = new();

    private readonly Lazy<string> _file = new(() =>
    {
        _ = Toolchain.Must("make", "-s", "-C", Path.Combine(Repository.Root, "interop", "vmm"));
        return Path.Combine(BuiltLibrary.Folder, "vmm");
    });

    /// <summary>Skips the test where there is no VMM to be had, or no KVM for it.</summary>
    public void OrSkip()
    {
        NeedsKvm.OrSkip();
        _library.OrSkip();
        Toolchain.OrSkip("make");
    }

    public void Dispose() => _library.Dispose();

    /// <summary>Starts the VMM with <paramref name="line"/>.</summary>
    internal ProgramProcess Start(string line)
    {
        OrSkip();
        return ProgramProcess.StartFile(_file.Value, line);
    }
}
