using DataPlane.Guests;
using DataPlane.Options;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Matrix;

/// <summary>
/// Every kind of guest, dirty source, socket, compression and number of channels, together: a sample with every pair of values, and with
/// the larger sets the whole product.
/// </summary>
[Collection("machine")]
public sealed class MatrixTests
{
    public static TheoryData<GuestKind, string, string, PageCompression, int> Cases
    {
        get
        {
            var data = new TheoryData<GuestKind, string, string, PageCompression, int>();
            foreach (var row in TestSet.All ? MatrixCase.Whole : MatrixCase.Sample)
                data.Add(row.Guest, row.Source, row.Socket, row.Compression, row.Channels);
            return data;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public async Task BusyGuest_MovesWhole_AndGoesOn(GuestKind guest, string source, string socket, PageCompression compression, int channels)
    {
        NeedsDirtySource.OrSkip(guest, source.Split('+')[0]);
        NeedsCodecLibrary.OrSkip(compression);
        using var move = new MatrixMove(new MatrixCase(guest, source, socket, compression, channels));
        await move.RunAsync();
    }
}
