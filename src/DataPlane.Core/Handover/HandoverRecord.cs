namespace DataPlane.Core.Handover;

/// <summary>What one side has written down of one attempt. The numbers stand in journal files: never reuse one. Zero is no record.</summary>
internal enum HandoverRecord : byte
{
    None = 0,

    /// <summary>Either side: the attempt has begun. The guest is the source's.</summary>
    Open = 1,

    /// <summary>Destination: everything is here, and the device state is loaded. The guest is still the source's.</summary>
    Prepared = 2,

    /// <summary>Destination: the guest is the destination's and shares its fate.</summary>
    Taken = 3,

    /// <summary>Destination: this attempt will never be taken. The guest is the source's for good.</summary>
    Never = 4,

    /// <summary>Destination: taken, but no vCPU entered the guest, and none will. The guest is the source's again.</summary>
    Returned = 5,

    /// <summary>Source: the guest may be the destination's. Only the destination's word brings it back.</summary>
    Given = 6,

    /// <summary>Source: this attempt gives nothing away, or no more. The guest is the source's.</summary>
    Kept = 7,

    /// <summary>Source: the destination has the guest. What the source still holds of it is worthless.</summary>
    Released = 8,
}
