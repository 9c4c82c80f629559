using System.Text;
using DataPlane.Native.Hosting;
using DataPlane.Native.Structs;
using DataPlane.Options;
using DataPlane.Results;

namespace DataPlane.Native.Options;

/// <summary>The question what to do about passes that stall, with all the numbers.</summary>
internal static unsafe class StallQuestion
{
    public static StallAnswer Ask(NativeHost host, StallReport report)
    {
        fixed (byte* reason = Encoding.UTF8.GetBytes(report.Reason + '\0'))
        {
            var stall = new DpStall
            {
                StructSize = (uint)sizeof(DpStall),
                Pass = (uint)report.Pass,
                ElapsedUs = Microseconds.Of(report.Elapsed),
                TimeoutUs = Microseconds.Of(report.Timeout),
                RemainingBytes = report.RemainingBytes,
                DirtyBytesPerSecond = Figure.Of(report.DirtyBytesPerSecond),
                WorkingSetBytes = Figure.Of(report.WorkingSetBytes),
                BytesPerSecond = Figure.Of(report.BytesPerSecond),
                ExpectedDowntimeUs = Figure.Of(report.Forecast?.ExpectedUs),
                LowDowntimeUs = Figure.Of(report.Forecast?.LowUs),
                HighDowntimeUs = Figure.Of(report.Forecast?.HighUs),
                DowntimeLimitUs = Microseconds.Of(report.DowntimeLimit),
                Hopeless = report.Hopeless ? 1 : 0,
                Reason = reason,
            };
            var answer = host.AskOnStall(&stall);
            return answer is >= 0 and <= 2 ? (StallAnswer)answer : throw new HostCallbackException($"stalled returned {answer}, which is no DP_STALL_*.");
        }
    }
}
