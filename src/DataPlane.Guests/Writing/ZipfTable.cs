namespace DataPlane.Guests.Writing;

/// <summary>
/// The quantiles of a zipf distribution with exponent 0.99: entry i is the rank below which i of 4,096 writes fall. A guest without floating
/// point picks an entry and a rank up to the next one: exact at the 4,096 borders, flat between them.
/// </summary>
internal static class ZipfTable
{
    /// <summary>A power of two, as the upper 12 bits of a random number pick the entry.</summary>
    public const int Steps = 4096;

    public const int Entries = Steps + 1;

    private const double Exponent = 0.99;

    public static uint[] Make(ulong pages)
    {
        // The integral of x^-s stands for the sum over the ranks: its inverse is closed, the sum's is not.
        var power = 1 - Exponent;
        var whole = Math.Pow(pages + 1.0, power) - 1;
        var table = new uint[Entries];
        for (var i = 0; i < Entries; i++)
        {
            var rank = Math.Pow(1 + (whole * i / Steps), 1 / power) - 1;
            table[i] = (uint)Math.Clamp(rank, 0, pages - 1.0);
        }
        return table;
    }
}
