namespace DataPlane.Tools.Predict.Memory;

/// <summary>Pages that are written alike.</summary>
/// <param name="pages">How many there are in each segment.</param>
/// <param name="stripes">On how many stripes of each segment they lie.</param>
internal abstract class PageClass(double[] pages, double[] stripes)
{
    public double Pages(int segment) => pages[segment];

    public double Stripes(int segment) => stripes[segment];

    /// <summary>Which part of them in <paramref name="segment"/> is written between two times of the guest's clock.</summary>
    public abstract double Written(int segment, double from, double to);

    /// <summary>On how many stripes <paramref name="marked"/> of them lie that are marked.</summary>
    public virtual double MarkedStripes(int segment, double marked) =>
        stripes[segment] <= 0 ? 0 : stripes[segment] * (1 - Math.Exp(-marked / stripes[segment]));
}
