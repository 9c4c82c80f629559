namespace DataPlane.Linux.Journal;

/// <summary>Why a journal can not say what stands, or can not write.</summary>
internal enum JournalFault
{
    None,

    /// <summary>There is no record of that attempt.</summary>
    NoRecord,

    /// <summary>The attempt was begun before: its records stand, and are not written over.</summary>
    Exists,

    /// <summary>Another process holds the lock: the one with the guest's memory lives.</summary>
    Locked,

    /// <summary>A record that did not end, or whose checksum is wrong.</summary>
    Damaged,

    /// <summary>A record of another version.</summary>
    OtherVersion,

    /// <summary>The folder or the file can not be read.</summary>
    Unreadable,

    /// <summary>The folder can not be written: rights, a disk that is full or read-only, locks that the file system does not have.</summary>
    Unwritable,

    /// <summary>The folder can be written by others, who could make records.</summary>
    Unsafe,
}
