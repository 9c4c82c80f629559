using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace DataPlane.Bench;

/// <summary>How every benchmark here is run.</summary>
internal static class BenchConfig
{
    /// <summary>
    /// In this process: the generated projects of the default way do not restore under central package versions and one artifacts folder,
    /// and two cores have better things to do than to build one for each case. Allocations are always shown; here they are to be 0.
    /// </summary>
    /// <param name="once">Each case one time, cold: shows that the benchmarks work, not how fast anything is.</param>
    public static IConfig Create(bool once) => DefaultConfig.Instance
        .AddJob((once ? Job.Dry : Job.Default).WithToolchain(InProcessEmitToolchain.Instance))
        .AddDiagnoser(MemoryDiagnoser.Default);
}
