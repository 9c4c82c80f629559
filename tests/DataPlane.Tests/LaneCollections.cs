using Xunit;

namespace DataPlane.Tests;

/// <summary>
/// Tests of the program by processes of its own, which mostly wait for one to start or to end: one after the other, but beside other tests. What such a
/// test bounds is seconds, and what it counts is counted in those processes.
/// </summary>
[CollectionDefinition("programs")]
public sealed class ProgramsCollection;

/// <summary>A second lane of such tests, so that neither is the last to end: what listens, measures and is looked at.</summary>
[CollectionDefinition("listeners")]
public sealed class ListenersCollection;

/// <summary>As <see cref="ProgramsCollection"/>, for handovers between processes: they wait for timeouts and for processes to die.</summary>
[CollectionDefinition("handovers")]
public sealed class HandoversCollection;

/// <summary>Migrations in this process whose passes get nowhere for seconds: one after the other, but beside other tests.</summary>
[CollectionDefinition("stalls")]
public sealed class StallsCollection;

/// <summary>What each kind of dirty source owes, with guests that write all the while: one after the other, but beside other tests. Nothing there hangs on how long it takes.</summary>
[CollectionDefinition("dirty sources")]
public sealed class DirtySourcesCollection;
