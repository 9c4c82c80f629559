namespace DataPlane.Linux.Journal;

/// <summary>A journal can not do what was asked: which fault, and a sentence with the file in it.</summary>
internal sealed class JournalException(JournalFault fault, string message, Exception? inner = null) : IOException(message, inner)
{
    public JournalFault Fault { get; } = fault;
}
