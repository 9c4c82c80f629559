using Xunit;

namespace DataPlane.Tests;

/// <summary>Tests that load the whole machine, run a guest or count what this process allocates: one after the other, beside nothing else.</summary>
[CollectionDefinition("machine", DisableParallelization = true)]
public sealed class MachineCollection;
