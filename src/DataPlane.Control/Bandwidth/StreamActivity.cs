namespace DataPlane.Control.Bandwidth;

/// <summary>
/// Where the channels' time has gone since the stream began, summed over the channels; only differences of two of these mean something.
/// </summary>
/// <param name="Channels">How many channels the sums are over.</param>
/// <param name="Busy">Kernel: bytes were waiting to be sent or acknowledged (TCP_INFO's busy time). Null on other sockets than TCP.</param>
/// <param name="ReceiverLimited">Kernel: part of <paramref name="Busy"/> in which the peer's window was shut.</param>
/// <param name="Sending">Inside socket calls.</param>
/// <param name="Idle">With nothing to send.</param>
/// <param name="Capped">Held back by the cap.</param>
/// <param name="Compresses">Whether pages are compressed before they are sent.</param>
internal readonly record struct StreamActivity(
    int Channels, TimeSpan? Busy, TimeSpan ReceiverLimited, TimeSpan Sending, TimeSpan Idle, TimeSpan Capped = default, bool Compresses = false)
{
    // A stretch in which bytes were on their way for four fifths of the time was not much slower for the rest. The kernel counts in ticks
    // of 1 to 10 ms, which is the other reason not to ask for all of it.
    private const double NearlyAll = 0.8;

    // A cap that held the channels for a quarter of the time cost a quarter of the rate.
    private const double Noticeable = 0.25;

    /// <summary>What was done since <paramref name="earlier"/>.</summary>
    public StreamActivity Since(in StreamActivity earlier) => this with
    {
        Busy = Busy is { } busy ? busy - (earlier.Busy ?? TimeSpan.Zero) : null,
        ReceiverLimited = ReceiverLimited - earlier.ReceiverLimited,
        Sending = Sending - earlier.Sending,
        Idle = Idle - earlier.Idle,
        Capped = Capped - earlier.Capped,
    };

    /// <summary>
    /// What limited a stretch of <paramref name="time"/> in which this was done. Time inside socket calls counts as sending even where the
    /// kernel's queues ran empty: a call that copies at the speed of the memory is as fast as it gets, in the blackout too.
    /// </summary>
    public LimitCause LimitOf(TimeSpan time)
    {
        if (Channels == 0) return LimitCause.Link;
        var whole = time.TotalSeconds * Channels;
        if (Capped.TotalSeconds >= Noticeable * whole) return LimitCause.Cap;
        if (Math.Max((Busy ?? TimeSpan.Zero).TotalSeconds, Sending.TotalSeconds) >= NearlyAll * whole)
            return ReceiverLimited.TotalSeconds > whole / 2 ? LimitCause.Destination : LimitCause.Link;
        if (Idle.TotalSeconds > whole / 2) return LimitCause.Sync;
        return Compresses ? LimitCause.Compress : LimitCause.Scan;
    }
}
