namespace DataPlane.Sessions;

/// <summary>The embedder's log. A line that it fails to take is lost and nothing else: no session ends for want of a log. For any thread.</summary>
internal sealed class SessionLog(Action<string>? take)
{
    public void Write(string line)
    {
        try
        {
            take?.Invoke(line);
        }
        catch (Exception)
        {
            // Whatever it is, it is the log's own trouble; there is nowhere to tell of it.
        }
    }
}
