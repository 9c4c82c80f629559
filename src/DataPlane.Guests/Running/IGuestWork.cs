namespace DataPlane.Guests.Running;

/// <summary>What a guest's thread does while the guest runs.</summary>
internal interface IGuestWork
{
    /// <summary>Forgets earlier interrupts. On the thread, just before <see cref="Run"/>, never beside <see cref="Interrupt"/>.</summary>
    void Prepare();

    /// <summary>Works until interrupted; returns with every write made and marked.</summary>
    void Run();

    /// <summary>From another thread: makes <see cref="Run"/> return soon. <paramref name="threadId"/> is the system's number of its thread.</summary>
    void Interrupt(int threadId);
}
