using System.Collections.Concurrent;
using System.Diagnostics.Tracing;

namespace DataPlane.Peer;

/// <summary>Hears from the runtime which methods it compiles, some time after it has: for the words of a test that fails.</summary>
internal sealed class CompiledMethods : EventListener
{
    private const EventKeywords Jit = (EventKeywords)0x10;
    private const string Loaded = "MethodLoadVerbose";
    private readonly ConcurrentQueue<(DateTime Time, string Name)> _compiled = [];

    /// <summary>What was compiled between two moments, give or take what clocks differ by.</summary>
    public IReadOnlyList<string> Between(DateTime start, DateTime end) =>
        [.. _compiled.Where(method => method.Time >= start && method.Time <= end).Select(method => method.Name)];

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "Microsoft-Windows-DotNETRuntime") EnableEvents(eventSource, EventLevel.Verbose, Jit);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName?.StartsWith(Loaded, StringComparison.Ordinal) != true) return;
        var (names, values) = (eventData.PayloadNames!, eventData.Payload!);
        _compiled.Enqueue((eventData.TimeStamp, $"{values[names.IndexOf("MethodNamespace")]}.{values[names.IndexOf("MethodName")]}"));
    }
}
