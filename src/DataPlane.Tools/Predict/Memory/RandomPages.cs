namespace DataPlane.Tools.Predict.Memory;

/// <summary>Pages each of which is as likely to be written as any other: after t seconds a share of exp(-rate t) has not been.</summary>
/// <param name="pages">As in <see cref="PageClass"/>.</param>
/// <param name="stripes">As in <see cref="PageClass"/>.</param>
/// <param name="rate">Writes per second to each page.</param>
/// <param name="bursts">Whether all writes of a second fall into its first half.</param>
internal sealed class RandomPages(double[] pages, double[] stripes, double rate, bool bursts) : PageClass(pages, stripes)
{
    public override double Written(int segment, double from, double to) => to <= from ? 0 : 1 - Math.Exp(-rate * (Active(to) - Active(from)));

    private double Active(double clock) => bursts ? Math.Floor(clock) + Math.Min(1, 2 * (clock - Math.Floor(clock))) : clock;
}
