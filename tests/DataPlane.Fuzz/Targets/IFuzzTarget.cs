namespace DataPlane.Fuzz.Targets;

/// <summary>A decoder, or all of one side, under inputs that the target makes itself. Used by one thread at a time.</summary>
internal interface IFuzzTarget : IDisposable
{
    /// <summary>What the command calls it.</summary>
    string Name { get; }

    /// <summary>A new input. The same for the same recordings and the same state of <paramref name="random"/>.</summary>
    byte[] Make(Random random);

    /// <summary>Runs an input. Throws <see cref="FuzzFault"/>, or anything else, when a rule is broken.</summary>
    Task RunAsync(byte[] input);
}
