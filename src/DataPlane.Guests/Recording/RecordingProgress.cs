namespace DataPlane.Guests.Recording;

/// <summary>How far a recording is.</summary>
/// <param name="Elapsed">To the end of the last step.</param>
/// <param name="Steps">Steps read.</param>
/// <param name="Pages">Pages in all of them, a page once for each step that has it.</param>
/// <param name="Reading">Time that the reads took, together.</param>
/// <param name="LongestRead">Time of the longest.</param>
public sealed record RecordingProgress(TimeSpan Elapsed, int Steps, long Pages, TimeSpan Reading, TimeSpan LongestRead);
