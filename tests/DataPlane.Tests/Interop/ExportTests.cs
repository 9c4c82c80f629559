using System.Reflection;
using System.Runtime.InteropServices;
using DataPlane.Native.Structs;
using DataPlane.Tests.House;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Interop;

/// <summary>
/// Three lists that have to be one: the header's functions, the C side's, which the library exports, and the C# side's, which that calls. That
/// the C side fits the header in types is its compiler's word.
/// </summary>
public sealed class ExportTests
{
    [SkippableFact]
    public void The_C_side_defines_every_function_of_the_header_and_nothing_else_by_that_prefix()
    {
        Toolchain.OrSkip("gcc");
        Toolchain.OrSkip("nm");
        using var folder = new TemporaryFolder();
        var defined = new List<string>();
        foreach (var file in Directory.EnumerateFiles(Toolchain.Shim, "*.c"))
        {
            var compiled = folder.At(Path.GetFileNameWithoutExtension(file) + ".o");
            _ = Toolchain.Must("gcc", [.. Toolchain.Strict, "-std=c11", "-fvisibility=hidden", "-DDP_CPU_LEVEL=3", "-DDP_HEAP_MIB=512", "-I", Toolchain.Include, "-c", file, "-o", compiled]);
            // Hidden ones stay inside: the header's are visible by DP_API.
            defined.AddRange(Toolchain.Must("readelf", "-sW", compiled).Split('\n').Where(line => line.Contains(" FUNC ", StringComparison.Ordinal) && line.Contains(" GLOBAL DEFAULT ", StringComparison.Ordinal) && !line.Contains(" UND ", StringComparison.Ordinal))
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1]));
        }
        Assert.Equal(HeaderText.Functions.Keys.Order(StringComparer.Ordinal), defined.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_CSharp_side_has_every_function_that_the_C_side_calls_with_as_many_parameters()
    {
        var called = HeaderText.FunctionsOf(Path.Combine(Toolchain.Shim, "managed.h"));
        Assert.Equal(
            called.Select(function => $"{function.Key}/{function.Value}").Order(StringComparer.Ordinal),
            Exports().Select(export => $"{export.Name}/{export.Method.GetParameters().Length}").Order(StringComparer.Ordinal));
    }

    /// <summary>
    /// A method with a buffer on its stack aborts the process where it is the first that is called (the runtime sets its guard up in that very
    /// call). dp_init comes first by construction; this keeps the rule for everything behind it too.
    /// </summary>
    [Fact]
    public void No_export_has_a_buffer_on_its_stack()
    {
        var faults = Directory.EnumerateFiles(Path.Combine(Repository.Root, "interop", "DataPlane.Native", "Exports"), "*.cs")
            .Where(file => File.ReadAllText(file).Contains("stackalloc", StringComparison.Ordinal));
        Assert.Empty(faults);
    }

    private static IEnumerable<(string Name, MethodInfo Method)> Exports() =>
        from type in typeof(DpHost).Assembly.GetTypes()
        from method in type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
        let export = method.GetCustomAttribute<UnmanagedCallersOnlyAttribute>()
        where export is not null
        select (export.EntryPoint!, method);
}
