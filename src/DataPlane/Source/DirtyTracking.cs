namespace DataPlane.Source;

/// <summary>The end of tracking what the guest writes, when no attempt follows that would need it.</summary>
internal static class DirtyTracking
{
    /// <summary>Never throws: the guest is where it is, and how the migration ended is known. A warning where it failed, else null.</summary>
    public static string? Stop(SourceState state)
    {
        if (!state.Tracking) return null;
        state.Tracking = false;
        try
        {
            state.Dirty.Stop();
            return null;
        }
        catch (Exception fault)
        {
            var warning = $"The dirty source '{state.Dirty.Name}' failed to stop: {fault.Message} What the guest writes may still be tracked, which costs it time.";
            state.Words.Write(warning);
            return warning;
        }
    }
}
