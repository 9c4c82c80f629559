using DataPlane.Core.Handover;

namespace DataPlane.Control.Handover;

/// <summary>What a process without the guest's memory finds in its host's journal when it is asked about an attempt.</summary>
/// <param name="Locked">Whether it got the record's lock, which means that the process that had the memory has ended. Else nothing counts.</param>
/// <param name="Record">The record; none where there is none, or it can not be read, or it is damaged.</param>
/// <param name="ThisJournal">Whether it was written in this journal, and the question is about this journal.</param>
/// <param name="ThisBoot">Whether it was written since the host booted. What was written before may be older than what was done.</param>
/// <param name="Flushed">Whether every record of the attempt was on the disk before it counted.</param>
internal readonly record struct JournalView(bool Locked, HandoverRecord Record, bool ThisJournal, bool ThisBoot, bool Flushed);
