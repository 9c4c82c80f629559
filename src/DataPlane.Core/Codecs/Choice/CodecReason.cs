namespace DataPlane.Core.Codecs.Choice;

/// <summary>Why a channel writes pages as it does.</summary>
internal enum CodecReason
{
    /// <summary>Nothing has been measured yet.</summary>
    Beginning,

    /// <summary>There is no codec that both sides have.</summary>
    NoCodec,

    /// <summary>No codec makes the pages smaller.</summary>
    Incompressible,

    /// <summary>The link takes pages faster than they can be compressed.</summary>
    LinkIsFaster,

    /// <summary>The link is slower than the codec, which sends more pages in the same time.</summary>
    LinkIsSlower,

    /// <summary>The other choices were forecast to be better, or are not known to be, and turned out worse.</summary>
    OthersWereWorse,
}
