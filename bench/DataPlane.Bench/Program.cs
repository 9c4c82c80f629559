using BenchmarkDotNet.Running;
using DataPlane.Bench;
using DataPlane.Bench.Blackout;
using DataPlane.Bench.Cap;
using DataPlane.Bench.Choose;
using DataPlane.Bench.Codecs;
using DataPlane.Bench.Compare;
using DataPlane.Bench.Compare.Peer;
using DataPlane.Bench.Dirty;
using DataPlane.Bench.Forecast;
using DataPlane.Bench.Predict;

if (args is ["compare", .. var compared]) return await CompareCommand.RunAsync(compared);
if (args is [PeerCommand.Name, .. var peer]) return await PeerCommand.RunAsync(peer);
if (args is ["blackout", .. var still]) return await BlackoutCommand.RunAsync(still);
if (args is ["cap"]) return CapCommand.Run();
if (args is ["choose", .. var choices]) return await ChooseCommand.RunAsync(choices);
if (args is ["forecast", .. var series]) return await ForecastCommand.RunAsync(series);
if (args is ["predict", .. var foretold]) return await PredictCommand.RunAsync(foretold);
if (args is ["codecs", .. var codecs]) return await CodecsCommand.RunAsync(codecs);
if (args is ["dirty"]) return await DirtyCommand.RunAsync();

// The runner's own `--job dry` would add a job beside the configured one, and both would run.
var once = args.Contains("--once");
var summaries = BenchmarkSwitcher.FromAssembly(typeof(BenchConfig).Assembly)
    .Run([.. args.Where(arg => arg != "--once")], BenchConfig.Create(once));
return summaries.Any(summary => summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success)) ? 1 : 0;
