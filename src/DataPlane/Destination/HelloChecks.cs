using DataPlane.Core.Errors;
using DataPlane.Core.Wire.Messages;
using DataPlane.Sessions;
using DataPlane.Transport.Sending;

namespace DataPlane.Destination;

/// <summary>Whether a source fits this destination.</summary>
internal static class HelloChecks
{
    /// <summary>Throws <see cref="RefusalException"/> with the first thing that does not fit, and both sides' values.</summary>
    public static void Throw(HelloMessage hello, DestinationState state)
    {
        var mismatch = LayoutDescription.FindMismatch(hello, state.Memory, state.Sections);
        if (mismatch is not null) throw Refusal(mismatch, MigrationErrorCode.LayoutMismatch);
        if (hello.Channels < 1 || hello.Channels > state.Options.MaxChannels)
            throw Refusal($"The source asks for {hello.Channels} channels, the destination takes 1 to {state.Options.MaxChannels}.", MigrationErrorCode.Refused);
        long size = 0;
        foreach (var section in hello.Sections)
        {
            if (section.Size > SectionBuffer.MaxSize)
                throw Refusal($"Device section '{section.Id}' announces {section.Size} bytes; at most {SectionBuffer.MaxSize} fit into one.", MigrationErrorCode.Refused);
            if (section.Size < 0 || section.Size > state.Options.MaxDeviceStateBytes - size)
                throw Refusal(
                    $"The source announces more than {state.Options.MaxDeviceStateBytes} bytes of device state, the most the destination takes.",
                    MigrationErrorCode.Refused);
            size += section.Size;
        }
        if ((hello.Offered & PageFeatures.Handover) == 0)
            throw Refusal("The source keeps no records of the handover (feature bit 4), without which nobody could say after a lost connection whose guest it is.", MigrationErrorCode.VersionMismatch);
        // Acknowledged pages of one guest are not to be overwritten by another while the first one's source may come for them.
        if (state.Kept is { } kept && (hello.Image != kept.Image || hello.Attempt <= kept.Attempt))
            throw new RefusalException(
                RefusalKind.Busy, hello.Image == kept.Image
                    ? $"Attempt {hello.Attempt} comes after attempt {kept.Attempt} of the same migration has ended."
                    : "The destination keeps the memory of another guest, whose source is to try again.", MigrationErrorCode.Refused);
        if (PageFeatures.WhyMissing(hello.Required) is { } missing)
            throw Refusal($"The source requires what the destination lacks: {missing}", MigrationErrorCode.VersionMismatch);
    }

    private static RefusalException Refusal(string message, MigrationErrorCode code) => new(RefusalKind.Unfit, message, code);
}
