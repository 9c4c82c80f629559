using DataPlane.Tests.Trouble.Cases;

namespace DataPlane.Tests.Trouble;

/// <summary>Every case, in the order of the table in tests/README.md.</summary>
internal static class TroubleTable
{
    public static IReadOnlyList<TroubleCase> Cases { get; } =
    [
        .. ConnectCases.All().Concat(CutCases.All()).Concat(StallCases.All()).Concat(HalfClosedCases.All()).Concat(SlowCases.All()).Concat(MessageCases.All())
            .Concat(CancelCases.All()).Concat(HostCases.All()).Concat(ClockCases.All()).Concat(ResourceCases.All()).Concat(ProcessCases.All())
            .Select((@case, at) => @case with { Number = at + 1 }),
    ];
}
