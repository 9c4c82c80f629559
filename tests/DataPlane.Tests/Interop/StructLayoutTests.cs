using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using DataPlane.Native.Structs;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Interop;

public sealed class StructLayoutTests
{
    private static readonly IReadOnlyDictionary<string, Type> Managed = typeof(DpHost).Assembly.GetTypes()
        .Where(type => type.Namespace == typeof(DpHost).Namespace && type.IsValueType && type.Name.StartsWith("Dp", StringComparison.Ordinal))
        .ToDictionary(type => type.Name, StringComparer.Ordinal);

    [Fact]
    public void Every_struct_of_the_header_has_its_twin_and_no_other_is_there() =>
        Assert.Equal(HeaderText.Structs.Keys.Select(HeaderText.Pascal).Order(StringComparer.Ordinal), Managed.Keys.Order(StringComparer.Ordinal));

    /// <summary>Sizes and offsets by the compiler of C, against those of C#.</summary>
    [SkippableFact]
    public void Sizes_and_offsets_are_those_of_the_compiler()
    {
        Toolchain.OrSkip("gcc");
        using var folder = new TemporaryFolder();
        var program = new StringBuilder("#include <stdio.h>\n#include \"dataplane.h\"\nint main(void)\n{\n");
        foreach (var (name, fields) in HeaderText.Structs)
        {
            program.Append(System.Globalization.CultureInfo.InvariantCulture, $"    printf(\"{HeaderText.Pascal(name)} size %zu\\n\", sizeof({name}));\n");
            foreach (var field in fields)
                program.Append(System.Globalization.CultureInfo.InvariantCulture, $"    printf(\"{HeaderText.Pascal(name)} {HeaderText.Pascal(field)} %zu\\n\", offsetof({name}, {field}));\n");
        }
        File.WriteAllText(folder.At("layout.c"), program.Append("    return 0;\n}\n").ToString());
        _ = Toolchain.Must("gcc", "-std=c99", "-I", Toolchain.Include, folder.At("layout.c"), "-o", folder.At("layout"));
        var ofC = Toolchain.Must(folder.At("layout")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(ofC.Order(StringComparer.Ordinal), Managed.Values.SelectMany(Lines).Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Lines(Type type)
    {
        yield return $"{type.Name} size {Marshal.SizeOf(type)}";
        foreach (var field in type.GetFields()) yield return $"{type.Name} {field.Name} {Marshal.OffsetOf(type, field.Name)}";
    }
}
