using System.Globalization;
using DataPlane.Cli.Output;
using DataPlane.Cli.Units;
using DataPlane.Options;
using DataPlane.Tools.Predict;

namespace DataPlane.Cli.Predict;

/// <summary>A prediction for people: the verdict, why, what to change, what it is made from; then the passes and the parts of the blackout.</summary>
internal static class PredictText
{
    public static void Write(TextWriter writer, Prediction of)
    {
        writer.WriteLine($"verdict  {Verdict(of)}{(of.IsSure ? "" : "; too close to call: a tenth more or less of link and dirty rate turns it")}");
        writer.WriteLine($"why      {of.Reason}");
        writer.WriteLine($"total    {Range(of.TotalTime)}{(of.Verdict == PredictVerdict.Stays ? ", and the guest is still here" : "")}");
        if (of.Downtime is { } downtime) writer.WriteLine($"blackout {Range(downtime)}; limit {ForPeople.Milliseconds(of.DowntimeLimit)}");
        writer.WriteLine($"stream   {ForPeople.Counted(of.Channels, "channel")}, {ForPeople.BitRate(of.LinkBytesPerSecond)}{Codec(of)}{Bound(of)}{Throttled(of)}");
        WriteAdvice(writer, of);
        WriteInputs(writer, of.Inputs);
        writer.WriteLine();
        PassTable.Write(writer, of.Passes);
        if (of.StillSinceMs is { } since) writer.WriteLine($"  from {ForPeople.Milliseconds(since)} on nothing changes until the time allowed is up; those passes are left out");
        WriteParts(writer, of);
    }

    private static string Verdict(Prediction of) => of.Verdict switch
    {
        PredictVerdict.Fits => "fits: the guest moves, and stands still no longer than is aimed for",
        PredictVerdict.OverLimit => "does not fit: the guest moves, and stands still for longer than is aimed for",
        _ => "does not fit: the guest stays at the source",
    };

    private static string Codec(Prediction of) => of.Compression == PageCompression.None ? "" : $", {of.Compression.ToString().ToLowerInvariant()}";

    private static string Bound(Prediction of) => of.Bottleneck is null ? "" : $"; bounded by {of.Bottleneck}";

    private static string Throttled(Prediction of) => of.CpuThrottlePercentage == 0 ? "" : $"; the guest runs at {100 - of.CpuThrottlePercentage} % at the end";

    private static void WriteAdvice(TextWriter writer, Prediction of)
    {
        if (of.Verdict == PredictVerdict.Fits) return;
        if (of.Advice.Count == 0)
        {
            writer.WriteLine("change   no change of one thing alone was found that makes it fit");
            return;
        }
        writer.WriteLine("change   any one of these makes it fit:");
        var table = new TextTable("change", " total", " blackout", "and");
        foreach (var advice in of.Advice)
            table.Add(advice.Change, ForPeople.Milliseconds(advice.TotalTimeMs), ForPeople.Milliseconds(advice.DowntimeMs), advice.CpuThrottlePercentage == 0 ? "" : $"the guest would run at {100 - advice.CpuThrottlePercentage} %");
        table.WriteTo(writer);
    }

    private static void WriteInputs(TextWriter writer, IReadOnlyList<PredictInput> inputs)
    {
        writer.WriteLine("made from");
        var table = new TextTable("what", "value", "from");
        foreach (var input in inputs) table.Add(input.Name, input.Value, input.Origin);
        table.WriteTo(writer);
    }

    private static void WriteParts(TextWriter writer, Prediction of)
    {
        if (of.Forecast is not { } forecast) return;
        writer.WriteLine();
        var table = new TextTable("blackout, part", " low us", " expected us", " high us");
        foreach (var part in forecast.Parts) table.Add(part.Name, Us(part.LowUs), Us(part.ExpectedUs), Us(part.HighUs));
        table.Add("all", Us(forecast.LowUs), Us(forecast.ExpectedUs), Us(forecast.HighUs));
        table.WriteTo(writer);
    }

    private static string Us(double microseconds) => microseconds.ToString("N0", CultureInfo.InvariantCulture);

    private static string Range(PredictRange range) => $"{ForPeople.Milliseconds(range.Expected)} ({ForPeople.Milliseconds(range.Low)} to {ForPeople.Milliseconds(range.High)})";
}
