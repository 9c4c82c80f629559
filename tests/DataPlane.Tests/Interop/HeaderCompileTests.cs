using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Interop;

public sealed class HeaderCompileTests
{
    public static TheoryData<string, string, string> Languages => new()
    {
        { "gcc", "c", "c99" }, { "gcc", "c", "c17" }, { "g++", "c++", "c++11" }, { "g++", "c++", "c++20" },
        { "clang", "c", "c99" }, { "clang++", "c++", "c++11" },
    };

    public static TheoryData<string> Programs => [.. Directory.EnumerateFiles(Toolchain.NativeTests, "*.c").Select(file => Path.GetFileName(file)!)];

    [SkippableTheory]
    [MemberData(nameof(Languages))]
    public void The_header_alone_compiles_without_a_warning(string compiler, string language, string standard)
    {
        Toolchain.OrSkip(compiler);
        _ = Toolchain.Must(compiler, [.. Toolchain.Strict, "-x", language, $"-std={standard}", "-fsyntax-only", "-include", Path.Combine(Toolchain.Include, "dataplane.h"), "/dev/null"]);
    }

    [SkippableTheory]
    [MemberData(nameof(Programs))]
    public void A_program_of_the_tests_compiles_without_a_warning(string program)
    {
        Toolchain.OrSkip("gcc");
        _ = Toolchain.Must("gcc", [.. Toolchain.Strict, "-std=c11", "-fsyntax-only", "-I", Toolchain.Include, "-I", Toolchain.Shim, Path.Combine(Toolchain.NativeTests, program)]);
    }

    /// <summary>The C side's start alone, on a CPU that says it lacks something: the runtime, which would end the process, is not reached.</summary>
    [SkippableFact]
    public void A_CPU_that_lacks_instructions_is_refused_in_words()
    {
        Toolchain.OrSkip("gcc");
        using var folder = new TemporaryFolder();
        _ = Toolchain.Must("gcc", "-std=c11", "-I", Toolchain.Include, "-I", Toolchain.Shim, Path.Combine(Toolchain.NativeTests, "cpu.c"), "-o", folder.At("cpu"), "-pthread");
        Assert.Equal("ok\n", Toolchain.Must(folder.At("cpu")));
    }
}
