using System.Globalization;
using System.Reflection;
using System.Text;

namespace DataPlane.Tests.PublicApi;

/// <summary>All that an embedder can name of the library, a line each, in an order that no compiler changes.</summary>
internal static class PublicSurface
{
    private const BindingFlags Own = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string Of(IEnumerable<Assembly> assemblies)
    {
        var text = new StringBuilder();
        foreach (var assembly in assemblies.OrderBy(assembly => assembly.GetName().Name, StringComparer.Ordinal))
        {
            _ = text.Append("# ").Append(assembly.GetName().Name).Append('\n');
            foreach (var type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal)) Write(text, type);
        }
        return text.ToString();
    }

    private static void Write(StringBuilder text, Type type)
    {
        var bases = type.IsEnum ? [Enum.GetUnderlyingType(type)] : type.GetInterfaces().Where(each => each.IsPublic || each.IsNestedPublic)
            .Prepend(type.BaseType).Where(each => each is not null && each != typeof(object) && each != typeof(ValueType)).ToArray();
        _ = text.Append('\n').Append(Kind(type)).Append(' ').Append(type.FullName);
        if (bases.Length > 0) _ = text.Append(" : ").AppendJoin(", ", bases.Select(each => each!.ToString()).Order(StringComparer.Ordinal));
        _ = text.Append('\n');
        foreach (var line in type.GetMembers(Own).Select(Line).OfType<string>().Distinct().Order(StringComparer.Ordinal)) _ = text.Append("    ").Append(line).Append('\n');
    }

    private static string Kind(Type type) =>
        type.IsEnum ? "enum" : type.IsInterface ? "interface" : typeof(Delegate).IsAssignableFrom(type) ? "delegate"
        : type.IsValueType ? "struct" : type is { IsAbstract: true, IsSealed: true } ? "static class" : type.IsAbstract ? "abstract class" : type.IsSealed ? "sealed class" : "class";

    private static string? Line(MemberInfo member) => member switch
    {
        FieldInfo field when IsSeen(field.Attributes) && !field.IsSpecialName => (field.IsLiteral ? "const " : field.IsStatic ? "static " : "") + field + (field.IsLiteral ? " = " + Value(field) : ""),
        ConstructorInfo constructor when IsSeen(constructor) => constructor.ToString(),
        PropertyInfo property => Accessors(property) is { Length: > 0 } accessors ? $"{property} {{ {accessors} }}" : null,
        EventInfo @event when IsSeen(@event.AddMethod) => "event " + @event,
        MethodInfo method when IsSeen(method) && !method.IsSpecialName => (method.IsStatic ? "static " : "") + method,
        Type nested => null, // Exported types have a place of their own.
        _ => null,
    };

    private static string Accessors(PropertyInfo property)
    {
        var (get, set) = (IsSeen(property.GetMethod), IsSeen(property.SetMethod));
        var isInit = set && property.SetMethod!.ReturnParameter.GetRequiredCustomModifiers().Any(modifier => modifier.Name == "IsExternalInit");
        return string.Join(' ', new[] { get ? "get;" : null, set ? isInit ? "init;" : "set;" : null }.OfType<string>());
    }

    private static string Value(FieldInfo field) => Convert.ToString(field.GetRawConstantValue(), CultureInfo.InvariantCulture) ?? "null";

    private static bool IsSeen(MethodBase? method) => method is not null && (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly);

    private static bool IsSeen(FieldAttributes attributes) => (attributes & FieldAttributes.FieldAccessMask) is FieldAttributes.Public or FieldAttributes.Family or FieldAttributes.FamORAssem;
}
