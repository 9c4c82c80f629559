namespace DataPlane.Guests;

/// <summary>What writes the guest's memory.</summary>
public enum GuestKind
{
    /// <summary>Real vCPUs of <c>/dev/kvm</c> on x86-64.</summary>
    Kvm,

    /// <summary>Threads of this process: needs no KVM and no privilege.</summary>
    Synthetic,
}
