namespace DataPlane.Core.Dirty;

/// <summary>
/// When each stripe was last re-protected, in the caller's ticks: from then on its pages can become dirty anew. Channels note, the control
/// loop reads; a time that is read a moment early makes a dirty rate off by as much and nothing else.
/// </summary>
internal sealed class ClearTimes(int stripes)
{
    private readonly long[] _ticks = new long[stripes];

    public void Note(int stripe, long ticks) => Volatile.Write(ref _ticks[stripe], ticks);

    public long Of(int stripe) => Volatile.Read(ref _ticks[stripe]);
}
