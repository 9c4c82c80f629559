using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace DataPlane.Tests.House;

/// <summary>What a built assembly refers to, read from its metadata without loading it.</summary>
internal sealed class AssemblyMetadata : IDisposable
{
    private readonly PEReader _file;
    private readonly MetadataReader _reader;

    public AssemblyMetadata(string assembly)
    {
        _file = new PEReader(File.OpenRead(PathOf(assembly)));
        _reader = _file.GetMetadataReader();
    }

    /// <summary>Full names of the types of other assemblies that are used.</summary>
    public IEnumerable<string> Types => _reader.TypeReferences.Select(handle => NameOf(_reader.GetTypeReference(handle)));

    /// <summary>Members of types of other assemblies that are used, as Namespace.Type.Member.</summary>
    public IEnumerable<string> Members =>
        from handle in _reader.MemberReferences
        let member = _reader.GetMemberReference(handle)
        where member.Parent.Kind == HandleKind.TypeReference
        select $"{NameOf(_reader.GetTypeReference((TypeReferenceHandle)member.Parent))}.{_reader.GetString(member.Name)}";

    /// <summary>Methods that are implemented by a native library.</summary>
    public IEnumerable<string> NativeMethods =>
        from handle in _reader.MethodDefinitions
        let method = _reader.GetMethodDefinition(handle)
        where method.Attributes.HasFlag(MethodAttributes.PinvokeImpl)
        select _reader.GetString(method.Name);

    public static bool Exists(string assembly) => File.Exists(PathOf(assembly));

    public void Dispose() => _file.Dispose();

    private static string PathOf(string assembly) => Path.Combine(AppContext.BaseDirectory, assembly + ".dll");

    private string NameOf(TypeReference type) => type.ResolutionScope.Kind == HandleKind.TypeReference
        ? $"{NameOf(_reader.GetTypeReference((TypeReferenceHandle)type.ResolutionScope))}+{_reader.GetString(type.Name)}"
        : $"{_reader.GetString(type.Namespace)}.{_reader.GetString(type.Name)}";
}
