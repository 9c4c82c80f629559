using System.Buffers;
using DataPlane.Core.Traces;
using DataPlane.Guests;
using DataPlane.Guests.Writing;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Guests;

/// <summary>Phases and steps of a trace as a function of writes made and time passed; no clock is waited for.</summary>
public sealed unsafe class WriterScheduleTests
{
    private const long Millisecond = 1_000_000;
    private const long Memory = 4L << 20; // 1,024 pages.
    private readonly ManualTime _time = new();
    private readonly uint[] _list = new uint[WriterBlock.ListLength];

    private static readonly DirtyOrders Phased = new()
    {
        BytesPerSecond = 4096 * 1000,
        Phases = [new(DirtyPattern.Uniform, TimeSpan.FromMilliseconds(10)), new(DirtyPattern.Zipf, TimeSpan.FromMilliseconds(20), 0)],
    };

    private static readonly DirtyTrace Trace = new(
        Memory,
        [
            new DirtyTraceStep(TimeSpan.FromMilliseconds(100), [new PageRun(5, 3), new PageRun(510, 4)]),
            new DirtyTraceStep(TimeSpan.FromMilliseconds(200), []),
            new DirtyTraceStep(TimeSpan.FromMilliseconds(250), [new PageRun(0, 1024)]),
        ],
        "by hand");

    [Fact]
    public void EachPhase_HasItsOrdersForItsTime()
    {
        var (schedule, writer) = Started(Phased);
        writer.Count = 4;
        Assert.Equal(4 * Millisecond, Wait(schedule, ref writer));
        Assert.Equal((ulong)DirtyPattern.Uniform, writer.Pattern);
        Advance(10);
        Assert.Equal(20 * Millisecond, Wait(schedule, ref writer)); // Idle: until its end.
        Assert.Equal(((ulong)DirtyPattern.Zipf, 0UL), (writer.Pattern, writer.BytesPerSecond));
        Advance(21);
        Assert.Equal(0, Wait(schedule, ref writer)); // A millisecond late: what is due by now is written.
        Assert.Equal((ulong)DirtyPattern.Uniform, writer.Pattern);
        writer.Count += 5;
        Assert.Equal(5 * Millisecond, Wait(schedule, ref writer));
        Advance(9);
        Assert.Equal(20 * Millisecond, Wait(schedule, ref writer)); // The phase began on time, so it ends on time.
    }

    [Fact]
    public void AWaitEndsWithThePhase()
    {
        var (schedule, writer) = Started(Phased);
        writer.Count = 500;
        Assert.Equal(10 * Millisecond, Wait(schedule, ref writer));
    }

    [Fact]
    public void Stopped_ThePhaseStands_AndGoesOnElsewhere()
    {
        var (schedule, writer) = Started(Phased);
        Advance(4);
        schedule.Pause();
        Advance(1000);
        var state = new ArrayBufferWriter<byte>();
        schedule.Save().Write(state);
        var (other, _) = Started(Phased with { Phases = [] });
        other.Load(WriterScheduleState.Read(state.WrittenSpan, out var size), writer);
        Assert.Equal(state.WrittenCount, size);
        other.Resume();
        writer.Count = 500;
        Assert.Equal(6 * Millisecond, Wait(other, ref writer));
    }

    [Fact]
    public void AReplay_ListsThePagesOfEachStepOnce_AndWaitsForTheNext()
    {
        var (schedule, writer) = Started(new DirtyOrders { Replay = Trace });
        for (var round = 0; round < 2; round++)
        {
            Assert.Equal([5, 6, 7, 510, 511, 512, 513], Written(schedule, ref writer, 100));
            Assert.Empty(Written(schedule, ref writer, 100));
            Assert.Equal(Enumerable.Range(0, 1024), Written(schedule, ref writer, 50));
        }
    }

    [Fact]
    public void EachWriter_ReplaysItsShare()
    {
        var pages = new List<int>();
        for (var index = 0; index < 3; index++)
        {
            var (schedule, writer) = Started(new DirtyOrders { Replay = Trace }, writers: 3, index);
            pages.AddRange(Written(schedule, ref writer, 100).Select(page => page + (int)writer.FirstPage));
        }
        Assert.Equal([5, 6, 7, 510, 511, 512, 513], pages);
    }

    [Fact]
    public void WhatWasNotWritten_IsListedAnew_AlsoElsewhere()
    {
        var (schedule, writer) = Started(new DirtyOrders { Replay = Trace });
        Advance(250); // All of the first step is due.
        Assert.Equal(0, Wait(schedule, ref writer));
        var first = writer.Batch;
        schedule.LeaveOut(first);
        schedule.Pause();
        var (other, moved) = Started(new DirtyOrders { Replay = Trace });
        other.Load(schedule.Save(), writer);
        other.Resume();
        Assert.Equal(5, Written(other, ref moved, 1)[0]);
    }

    [Fact]
    public void AnotherTrace_OrNone_IsRefused()
    {
        var (schedule, writer) = Started(new DirtyOrders { Replay = Trace });
        var state = schedule.Save();
        var other = new DirtyTrace(Memory, [.. Trace.Steps.Take(2)], Trace.Origin);
        Assert.Contains("another trace", Refusal(Started(new DirtyOrders { Replay = other }).Schedule), StringComparison.Ordinal);
        Assert.Contains("was not given", Refusal(Started(new DirtyOrders()).Schedule), StringComparison.Ordinal);

        string Refusal(WriterSchedule there) => Assert.Throws<InvalidDataException>(() => there.Load(state, writer)).Message;
    }

    [Fact]
    public void AStateThatDoesNotFit_IsRefused()
    {
        var (schedule, writer) = Started(Phased);
        var good = schedule.Save();
        var outside = good.Phases.Select(phase => phase with { HotPages = 5000 }).ToArray();
        foreach (var bad in new[] { good with { Phase = 2 }, good with { Phase = -1 }, good with { Phases = outside } })
            Assert.Throws<InvalidDataException>(() => schedule.Load(bad, writer));
        Assert.Throws<InvalidDataException>(() => WriterScheduleState.Read(new byte[49], out _));
        var none = new byte[200];
        Assert.Throws<InvalidDataException>(() => WriterScheduleState.Read(none, out _));
        none[48] = 3;
        Assert.Throws<InvalidDataException>(() => WriterScheduleState.Read(none, out _));
    }

    /// <summary>What a writer writes in so much time that writes at once, and waits for as long as it is told.</summary>
    private int[] Written(WriterSchedule schedule, ref WriterBlock writer, int milliseconds)
    {
        var pages = new List<int>();
        for (var left = milliseconds * Millisecond; left > 0;)
        {
            var wait = Wait(schedule, ref writer);
            for (var i = wait == 0 ? writer.Batch : 0; i > 0; i--)
            {
                pages.Add((int)_list[i - 1]);
                writer.Count++;
            }
            var passes = Math.Min(left, (wait + 99) / 100 * 100); // The clock of these tests ticks every 100 ns.
            _time.Advance(TimeSpan.FromTicks(passes / 100));
            left -= passes;
        }
        return [.. pages];
    }

    private void Advance(int milliseconds) => _time.Advance(TimeSpan.FromMilliseconds(milliseconds));

    private long Wait(WriterSchedule schedule, ref WriterBlock writer)
    {
        fixed (uint* list = _list) return schedule.Wait(ref writer, list, out _);
    }

    private (WriterSchedule Schedule, WriterBlock Writer) Started(DirtyOrders orders, int writers = 1, int index = 0)
    {
        var plan = new WriterPlan(orders, 0, Memory >> 12, writers);
        var writer = plan.Blocks[index];
        var schedule = new WriterSchedule(plan.Phases, orders.Replay is { } trace ? new ReplayPages(trace, (long)writer.FirstPage, (long)writer.Pages) : null, _time);
        schedule.Resume();
        return (schedule, writer);
    }
}
