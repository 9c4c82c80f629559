using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics;
using DataPlane.Core.Traces;

namespace DataPlane.Guests.Recording;

/// <summary>
/// Records a dirty trace into a stream, step by step: whatever ends it, the stream holds all steps that were read. Owns neither what is recorded nor the stream.
/// </summary>
public sealed class DirtyRecorder
{
    private readonly IWrittenPages _pages;
    private readonly Stream _stream;
    private readonly string _origin;
    private readonly List<DirtyTraceStep> _steps = [];
    private RecordingProgress _progress = new(TimeSpan.Zero, 0, 0, TimeSpan.Zero, TimeSpan.Zero);

    /// <param name="pages">What is recorded.</param>
    /// <param name="stream">Gets the trace.</param>
    /// <param name="origin">What is recorded and how, for people; at most 1,024 bytes of UTF-8.</param>
    public DirtyRecorder(IWrittenPages pages, Stream stream, string origin)
    {
        ArgumentNullException.ThrowIfNull(pages);
        ArgumentNullException.ThrowIfNull(stream);
        (_pages, _stream, _origin) = (pages, stream, origin);
    }

    /// <summary>How far it is. For any thread.</summary>
    public RecordingProgress Progress => Volatile.Read(ref _progress);

    /// <summary>
    /// Reads the written pages every <paramref name="interval"/> for <paramref name="duration"/>, or until cancelled, which ends the trace as well. A read that takes longer than the interval
    /// makes its step longer. Throws what the memory or the stream throws; the steps before are in the stream.
    /// </summary>
    public async Task<DirtyTrace> RunAsync(TimeSpan interval, TimeSpan duration, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, TimeSpan.FromMilliseconds(1));
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new DirtyTraceWriter(buffer, _pages.MemoryBytes, _origin);
        Flush(buffer);
        _pages.Start();
        var began = Stopwatch.GetTimestamp();
        for (var due = interval; _steps.Count == 0 || _steps[^1].End < duration; due += interval)
        {
            var late = Stopwatch.GetElapsedTime(began);
            if (due > duration) due = duration;
            if (due <= late) due = late; // What is late is not made up for by steps of no length.
            if (!await DelayAsync(due - late, cancel)) break;
            Step(writer, began);
            Flush(buffer);
        }
        if (cancel.IsCancellationRequested) Step(writer, began); // What was written since the last step is no less true.
        writer.End();
        Flush(buffer);
        return new DirtyTrace(_pages.MemoryBytes, [.. _steps], _origin);
    }

    private void Step(DirtyTraceWriter writer, long began)
    {
        var end = Stopwatch.GetElapsedTime(began);
        if (_steps.Count > 0 && end <= _steps[^1].End) return;
        var step = new DirtyTraceStep(end, [.. _pages.Take()]);
        var took = Stopwatch.GetElapsedTime(began) - end;
        writer.Add(step);
        _steps.Add(step);
        var before = _progress;
        Volatile.Write(ref _progress, new RecordingProgress(
            end, _steps.Count, before.Pages + step.PageCount, before.Reading + took, took > before.LongestRead ? took : before.LongestRead));
    }

    private void Flush(ArrayBufferWriter<byte> buffer)
    {
        _stream.Write(buffer.WrittenSpan);
        _stream.Flush();
        buffer.ResetWrittenCount();
    }

    private static async Task<bool> DelayAsync(TimeSpan time, CancellationToken cancel)
    {
        try
        {
            await Task.Delay(time, cancel);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
