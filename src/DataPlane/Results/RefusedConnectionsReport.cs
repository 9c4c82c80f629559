namespace DataPlane.Results;

/// <summary>Connections that the destination refused, by the reason. None of them had any influence on the migration.</summary>
/// <param name="Total">All of them.</param>
/// <param name="Silent">Said too little, and went away, ran out of time, or made room for others.</param>
/// <param name="Garbage">What they said is not the protocol.</param>
/// <param name="BadMac">Data channels of this session with a MAC that is not theirs.</param>
/// <param name="Replayed">Data channels that had joined before.</param>
/// <param name="OutOfRange">Data channels whose number or version was not agreed on.</param>
/// <param name="OtherSession">Data channels of other sessions, or of none.</param>
/// <param name="Busy">Sources that came while another one was served.</param>
/// <param name="Unfit">Sources that were refused for another reason, which they were told, or gave up themselves.</param>
public sealed record RefusedConnectionsReport(
    long Total, long Silent, long Garbage, long BadMac, long Replayed, long OutOfRange, long OtherSession, long Busy, long Unfit);
