namespace DataPlane.Core.Handover;

/// <summary>All records of one attempt on one side: the chain that a file holds.</summary>
internal static class HandoverEntries
{
    /// <summary>Bytes of a file: room for the longest chain, written whole when it is made, so that no record later needs new room.</summary>
    public const int FileSize = HandoverRecords.Longest * HandoverEntry.Size;

    /// <summary>
    /// Reads a file's bytes. Good is only a chain that could have been written as it stands: of <paramref name="key"/>, each record one
    /// that may follow the one before, and nothing behind the last. What is read before a fault is still given, for people.
    /// </summary>
    public static EntryFault Read(ReadOnlySpan<byte> bytes, HandoverKey key, List<HandoverEntry> into)
    {
        if (bytes.IsEmpty) return EntryFault.Empty;
        if (bytes.Length != FileSize) return EntryFault.Damaged;
        var last = HandoverRecord.None;
        for (var at = 0; at < FileSize; at += HandoverEntry.Size)
        {
            var fault = HandoverEntry.Read(bytes.Slice(at, HandoverEntry.Size), out var entry);
            if (fault == EntryFault.Empty) return bytes[at..].ContainsAnyExcept((byte)0) ? EntryFault.Damaged : at == 0 ? EntryFault.Empty : EntryFault.None;
            if (fault != EntryFault.None) return fault;
            if (entry.Key != key || !HandoverRecords.MayFollow(key.Side, last, entry.Record)) return EntryFault.Damaged;
            into.Add(entry);
            last = entry.Record;
        }
        return EntryFault.None;
    }
}
