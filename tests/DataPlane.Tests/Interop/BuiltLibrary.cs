using DataPlane.Tests.House;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Interop;

/// <summary>
/// libdataplane.so.0, built by the documented command. That takes 70 s of CPU time, so with the gate the tests of it run only where it has been
/// built and nothing has changed since; <c>tests/all</c> builds it.
/// </summary>
public sealed class BuiltLibrary : IDisposable
{
    private readonly TemporaryFolder _programs = new();
    private readonly Lazy<string?> _missing = new(Build);

    /// <summary>Where it lies.</summary>
    public static string Folder { get; } = Path.Combine(Repository.Root, "artifacts", "native");

    public static string File { get; } = Path.Combine(Folder, "libdataplane.so.0");

    public void OrSkip() => Skip.If(_missing.Value is not null, _missing.Value);

    /// <summary>Compiles a program of tests/native, or of a file anywhere, against it.</summary>
    public string Compile(string source)
    {
        var program = _programs.At(Path.GetFileNameWithoutExtension(source));
        _ = Toolchain.Must(
            "gcc", [.. Toolchain.Strict, "-std=c11", "-O2", "-I", Folder, Path.Combine(Toolchain.NativeTests, source), "-o", program, "-L", Folder, "-ldataplane", $"-Wl,-rpath,{Folder}", "-pthread", "-ldl"]);
        return program;
    }

    public string At(string name) => _programs.At(name);

    public void Dispose() => _programs.Dispose();

    private static string? Build()
    {
        if (!Toolchain.Has("gcc") || !Toolchain.Has("objcopy")) return "The native library needs gcc and objcopy, which are not on this host.";
        var build = Path.Combine(Repository.Root, "interop", "build");
        if (Toolchain.Run(build, "--check").Status == 0) return null;
        if (!TestSet.All) return "libdataplane.so.0 is not built, or something has changed since: 'interop/build' builds it, and so does 'tests/all'.";
        var (status, output, errors) = Toolchain.Run(build);
        if (status == 0) return null;
        // A feed without the compiler's packages is no fault of the code; everything else is.
        Assert.True(errors.Contains("NU1101", StringComparison.Ordinal), $"interop/build ended with {status}: {output}{errors}");
        return $"The packages of the native compiler cannot be had: {errors}";
    }
}
