using DataPlane.Rehearsing;

namespace DataPlane;

/// <summary>What a process can do for its migrations before there is one.</summary>
public static class MigrationProcess
{
    /// <summary>
    /// Goes through a few small migrations from this process to itself, so that nothing is done for the first time in the first that counts: some 0.1 s
    /// of one core and 20 MB, once per process. Every migration begins it by itself and lets no guest stand before it is over, but shares the cores with it then; a host that
    /// has time beforehand (while it sets up memory, or when it starts) begins it here.
    /// </summary>
    /// <returns>Completes when it is over, at the latest after some 20 s; never fails. May be called from any thread and again.</returns>
    public static Task PrepareAsync() => DressRehearsal.PlayAsync();
}
