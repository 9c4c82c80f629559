namespace DataPlane.Cli.Doctor;

/// <summary>What lies between two hosts.</summary>
/// <param name="Port">The port that was reached.</param>
/// <param name="RoundTripUs">Of a message and its answer, from program to program: the least of them.</param>
/// <param name="MedianRoundTripUs">The middle one.</param>
/// <param name="ClockOffsetUs">How far the other host's wall clock is ahead; good to half a round trip.</param>
/// <param name="ProbedMtu">The largest packet that was tried: the lesser of both interfaces'; null where neither is known.</param>
/// <param name="Mtu">The largest packet that came through; null where datagrams do not.</param>
/// <param name="LargerVanish">Whether larger packets vanish without a word.</param>
/// <param name="BulkPasses">Whether full packets of TCP come through in both directions.</param>
internal sealed record PathReading(int Port, double RoundTripUs, double MedianRoundTripUs, double ClockOffsetUs, int? ProbedMtu, int? Mtu, bool LargerVanish, bool BulkPasses);
