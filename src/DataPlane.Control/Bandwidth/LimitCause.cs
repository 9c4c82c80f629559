namespace DataPlane.Control.Bandwidth;

/// <summary>What kept a stretch of the stream from being faster.</summary>
internal enum LimitCause
{
    /// <summary>The link, or the kernels' work to get bytes across it.</summary>
    Link,

    /// <summary>Finding and claiming pages, telling zeros apart.</summary>
    Scan,

    /// <summary>Nothing to send until the dirty sources were read again.</summary>
    Sync,

    /// <summary>Compressing.</summary>
    Compress,

    /// <summary>The destination, which did not take bytes out of its sockets.</summary>
    Destination,

    /// <summary>The cap that the user set on the passes.</summary>
    Cap,
}
