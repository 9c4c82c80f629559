namespace DataPlane.Tools.Predict;

/// <summary>One change, all else left as it is, with which the migration would fit: the smallest of its kind that was found, and tried out in virtual time.</summary>
/// <param name="Knob">What is changed: <c>downtime-limit</c>, <c>link</c>, <c>compression</c>, <c>channels</c>, <c>on-stall</c>, <c>max-bandwidth</c>, <c>avail-switchover-bandwidth</c>, <c>timeout</c> or <c>dirty</c>.</param>
/// <param name="Change">How to say it: an option as the program takes it, or what would have to be otherwise.</param>
/// <param name="TotalTimeMs">The whole would take so many milliseconds.</param>
/// <param name="DowntimeMs">The blackout would take so many.</param>
/// <param name="CpuThrottlePercentage">By how much the guest would be slowed down when it is stopped, percent.</param>
public sealed record PredictAdvice(string Knob, string Change, double TotalTimeMs, double DowntimeMs, int CpuThrottlePercentage);
