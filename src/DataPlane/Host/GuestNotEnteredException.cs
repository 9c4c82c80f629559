namespace DataPlane.Host;

/// <summary>
/// What <see cref="IMigrationHost.ResumeAsync"/> throws on the destination to state that no vCPU has entered the guest and none will: nothing
/// of the guest has run there, its memory and devices are as they came. The destination then records that it gives the guest back,
/// and the source resumes it. Any other exception leaves open whether a vCPU ran, and the guest shares the destination's fate.
/// </summary>
public sealed class GuestNotEnteredException : Exception
{
    /// <summary>With the reason, for people.</summary>
    public GuestNotEnteredException(string message)
        : base(message)
    {
    }

    /// <summary>With the reason and what caused it.</summary>
    public GuestNotEnteredException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>Without a reason.</summary>
    public GuestNotEnteredException()
    {
    }
}
