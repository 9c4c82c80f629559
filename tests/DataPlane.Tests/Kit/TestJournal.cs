using System.Runtime.CompilerServices;

namespace DataPlane.Tests.Kit;

/// <summary>
/// The private folder of handover records, for this process and all that it starts: one of the tests' own, so that none of what they do to it
/// is found in a user's.
/// </summary>
internal static class TestJournal
{
    private static readonly TemporaryFolder Folder = new();

    [ModuleInitializer]
    internal static void Use()
    {
        Environment.SetEnvironmentVariable("XDG_STATE_HOME", Folder.Path);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Folder.Dispose();
    }
}
