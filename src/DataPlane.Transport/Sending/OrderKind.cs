namespace DataPlane.Transport.Sending;

/// <summary>What the channels are told to do.</summary>
internal enum OrderKind
{
    /// <summary>Walk one's own stripes again and again and send what is marked, until the next order.</summary>
    Passes,

    /// <summary>Guest stopped: all channels share all stripes, once over.</summary>
    FinalPages,

    /// <summary>Send one's share of the device state, and behind it a fence where the order names one.</summary>
    DeviceState,

    /// <summary>Send a fence.</summary>
    Fence,

    /// <summary>End.</summary>
    Quit,
}
