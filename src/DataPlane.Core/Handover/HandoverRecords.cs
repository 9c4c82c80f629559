using DataPlane.Core.Errors;

namespace DataPlane.Core.Handover;

/// <summary>Which record may follow which. A journal refuses everything else, whoever asks for it.</summary>
internal static class HandoverRecords
{
    /// <summary>Longest chain of records of one attempt on one side: OPEN, PREPARED, TAKEN, RETURNED.</summary>
    public const int Longest = 4;

    public static bool MayFollow(MigrationSide side, HandoverRecord last, HandoverRecord next) =>
        side == MigrationSide.Source ? MayFollowOnSource(last, next) : MayFollowOnDestination(last, next);

    private static bool MayFollowOnSource(HandoverRecord last, HandoverRecord next) => (last, next) is
        (HandoverRecord.None, HandoverRecord.Open)
        or (HandoverRecord.Open, HandoverRecord.Given or HandoverRecord.Kept)
        or (HandoverRecord.Given, HandoverRecord.Kept or HandoverRecord.Released);

    private static bool MayFollowOnDestination(HandoverRecord last, HandoverRecord next) => (last, next) is
        (HandoverRecord.None, HandoverRecord.Open)
        or (HandoverRecord.Open, HandoverRecord.Prepared or HandoverRecord.Never)
        or (HandoverRecord.Prepared, HandoverRecord.Taken or HandoverRecord.Never)
        or (HandoverRecord.Taken, HandoverRecord.Returned);
}
