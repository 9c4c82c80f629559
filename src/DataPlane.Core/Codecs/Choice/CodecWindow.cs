namespace DataPlane.Core.Codecs.Choice;

/// <summary>What a channel has done since its choice of codec was looked at last. Times are nanoseconds.</summary>
internal struct CodecWindow
{
    /// <summary>Bytes of pages with contents.</summary>
    public long Pages;

    /// <summary>What those took on the wire.</summary>
    public long Wire;

    /// <summary>Time with work at hand, without what trials of other codecs took.</summary>
    public long Nanoseconds;

    /// <summary>The part of it inside socket calls.</summary>
    public long Socket;

    /// <summary>The part of it that waited for compressors beside the channel.</summary>
    public long Waited;

    /// <summary>The part of it (or, with compressors beside the channel, the time of theirs) that the choice in force took to encode.</summary>
    public long Encode;

    /// <summary>Bytes of pages that the choice in force was applied to.</summary>
    public long ChoicePages;

    /// <summary>What those took on the wire.</summary>
    public long ChoiceWire;
}
