using DataPlane.Guests;
using DataPlane.Options;

namespace DataPlane.Tests.Matrix;

/// <summary>One migration of the matrix.</summary>
/// <param name="Guest">What writes the memory.</param>
/// <param name="Source">Name of a dirty source; with <c>+vhost</c> a back end of its own writes beside the guest.</param>
/// <param name="Socket"><c>tcp</c> or <c>unix</c>.</param>
/// <param name="Compression">Of the pages.</param>
/// <param name="Channels">Data channels.</param>
internal sealed record MatrixCase(GuestKind Guest, string Source, string Socket, PageCompression Compression, int Channels)
{
    /// <summary>What a composite with the log of a vhost back end ends with.</summary>
    public const string BesideVhost = "+vhost";

    // Which sources there are depends on the guest, so the two are one factor. What the product learns is in the lists by itself.
    private static readonly (GuestKind Kind, string Source)[] Guests =
        [.. Enum.GetValues<GuestKind>().SelectMany(kind => SourcesOf(kind).Select(source => (kind, source)))];

    private static readonly string[] Sockets = ["tcp", "unix"];
    private static readonly PageCompression[] Compressions = Enum.GetValues<PageCompression>();

    /// <summary>One that has no neighbour to wait for, one that divides nothing evenly, and more than there are cores here.</summary>
    private static readonly int[] ChannelCounts = [1, 3, 8];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<MatrixCase> Whole { get; } =
    [
        .. from guest in Guests
           from socket in Sockets
           from compression in Compressions
           from channels in ChannelCounts
           select new MatrixCase(guest.Kind, guest.Source, socket, compression, channels)
    ];

    /// <summary>Those that together have every pair of values.</summary>
    public static IReadOnlyList<MatrixCase> Sample { get; } =
    [
        .. PairwiseCover.Of(Guests.Length, Sockets.Length, Compressions.Length, ChannelCounts.Length).Select(row => new MatrixCase(
            Guests[row[0]].Kind, Guests[row[0]].Source, Sockets[row[1]], Compressions[row[2]], ChannelCounts[row[3]]))
    ];

    private static IEnumerable<string> SourcesOf(GuestKind kind) =>
        DirtySourceNames.Of(kind).Where(name => name != DirtySourceNames.Auto)
            .Append((kind == GuestKind.Kvm ? DirtySourceNames.Protect : DirtySourceNames.Explicit) + BesideVhost);
}
