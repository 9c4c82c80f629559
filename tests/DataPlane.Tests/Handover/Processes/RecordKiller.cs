using DataPlane.Tests.Interop;

namespace DataPlane.Tests.Handover.Processes;

/// <summary>
/// What ends a peer's process exactly in front of the write of a record, or behind it: a library that stands in for one call of the C library (<c>tests/native/dies.c</c>).
/// So the product has no place made for tests, and what dies is what runs.
/// </summary>
internal static class RecordKiller
{
    /// <summary>Whether <paramref name="dies"/> names a record, and not a step of the host alone.</summary>
    public static bool IsNamedBy(string dies) => dies.Contains("before ", StringComparison.Ordinal) || dies.Contains("behind ", StringComparison.Ordinal);

    /// <summary>Builds it as <paramref name="library"/>; the variable that loads it.</summary>
    public static (string Name, string Value) Build(string library)
    {
        _ = Toolchain.Must("gcc", ["-Wall", "-Wextra", "-Werror", "-O1", "-shared", "-fPIC", "-o", library, Path.Combine(Toolchain.NativeTests, "dies.c")]);
        return ("LD_PRELOAD", library);
    }
}
