using DataPlane.Bench.Tools;

namespace DataPlane.Bench.Compare.Cases;

/// <summary>The cases in the order of the table.</summary>
internal static class AllCases
{
    /// <param name="loopback">A network whose loopback has cubic.</param>
    public static IReadOnlyList<CompareCase> Of(Network loopback) =>
    [
        WaysCase.Make(loopback),
        RandomCase.Make(loopback),
        UnmappedCases.OutOfTheBox(hugePages: false),
        UnmappedCases.OutOfTheBox(hugePages: true),
        UnmappedCases.Tuned(loopback),
        ZeroCases.Zero(loopback),
        ZeroCases.Half(loopback),
        CodecCases.Lz4(loopback),
        CodecCases.Zstd(loopback),
        UnixCase.Make(loopback),
        ChannelsCase.Make(loopback),
        FinalPassCase.Make(loopback),
        DirtyingCase.Make(loopback),
        ShapedCases.Tbf(1, 512L << 20),
        ShapedCases.Tbf(10, 2L << 30),
        ShapedCases.Paced(loopback, 2L << 30),
        .. AutoCases.All(loopback),
        CapCase.Make(loopback),
        WalkCase.Make(),
    ];
}
