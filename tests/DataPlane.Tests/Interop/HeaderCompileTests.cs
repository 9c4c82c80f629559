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
        _ = Toolchain.Must("gcc", [.. Toolchain.Strict, "-std=c11", "-fsyntax-only", "-I", Toolchain.Include, Path.Combine(Toolchain.NativeTests, program)]);
    }
}
