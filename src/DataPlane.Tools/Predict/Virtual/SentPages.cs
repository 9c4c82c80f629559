namespace DataPlane.Tools.Predict.Virtual;

/// <summary>What it took to send some pages, all channels together. Seconds.</summary>
/// <param name="Seconds">From the first to the last.</param>
/// <param name="WireBytes">Headers included.</param>
/// <param name="Frames">Frames.</param>
/// <param name="Normal">Pages with contents.</param>
/// <param name="Zero">Pages sent as zero.</param>
/// <param name="InCalls">The channels' time inside socket calls, added up.</param>
/// <param name="OnLink">In which the link had something to carry, the channels' added up.</param>
/// <param name="Capped">In which the user's cap held them, added up.</param>
internal readonly record struct SentPages(double Seconds, double WireBytes, double Frames, double Normal, double Zero, double InCalls, double OnLink, double Capped)
{
    /// <summary>Pages of <see cref="Normal"/> that were encoded.</summary>
    public double Encoded { get; init; }

    public static SentPages operator +(in SentPages a, in SentPages b) => new(
        a.Seconds + b.Seconds, a.WireBytes + b.WireBytes, a.Frames + b.Frames, a.Normal + b.Normal, a.Zero + b.Zero, a.InCalls + b.InCalls, a.OnLink + b.OnLink, a.Capped + b.Capped) { Encoded = a.Encoded + b.Encoded };
}
