using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using DataPlane.Core.Errors;
using DataPlane.Results;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Cli.Report;

/// <summary>
/// The pages in a real browser. Whatever the browser asks the network for goes to a proxy of this test, which only counts. Another page that does
/// load something and does have an error shows that both would be seen.
/// </summary>
[Collection("listeners")]
public sealed class ReportInBrowserTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    [SkippableFact]
    public async Task Pages_open_in_a_browser_without_errors_and_requests_and_are_not_blank()
    {
        Skip.IfNot(TestSet.All, "Starting a browser some times takes some seconds: only in the larger set.");
        var chromium = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, "chromium")).FirstOrDefault(File.Exists);
        Skip.If(chromium is null, "There is no chromium on PATH; Debian has it in the package chromium.");
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(
            folder.At("control.html"), "<html><body><img src='http://report.test/x'><script>console.error('seen')</script></body></html>");
        var control = await OpenAsync(chromium!, folder, "control.html");
        Assert.Contains("CONSOLE", control.Log, StringComparison.Ordinal);
        Assert.Contains(control.Requests, IsOfAPage);

        await File.WriteAllTextAsync(folder.At("run.json"), Result.ToJson());
        await File.WriteAllTextAsync(folder.At("stress.json"), StressRuns.Document([.. StressRuns.Channels(), StressRuns.Run(Result, "8", 6, "failed", "<img src=http://report.test/z>")]));
        await File.WriteAllTextAsync(folder.At("link.json"), LinkPageTests.Measured().ToJson());
        foreach (var name in (string[])["run", "stress", "link"])
        {
            Assert.Equal(0, (await ProgramRun.OfAsync("report", folder.At(name + ".json"))).Code);
            var light = await OpenAsync(chromium!, folder, name + ".html");
            Assert.DoesNotContain("CONSOLE", light.Log, StringComparison.Ordinal);
            Assert.DoesNotContain(light.Requests, IsOfAPage);
            // An empty picture of the same size packs to a fraction.
            Assert.True(light.Picture.Length > 5 * control.Picture.Length, $"{name}: {light.Picture.Length} bytes against {control.Picture.Length}");
        }
        var dark = await OpenAsync(chromium!, folder, "run.html", "--blink-settings=preferredColorScheme=0");
        Assert.DoesNotContain("CONSOLE", dark.Log, StringComparison.Ordinal);
        Assert.NotEqual((await OpenAsync(chromium!, folder, "run.html")).Picture, dark.Picture);
        var printed = await OpenAsync(chromium!, folder, "stress.html", $"--print-to-pdf={folder.At("page.pdf")}");
        Assert.DoesNotContain("CONSOLE", printed.Log, StringComparison.Ordinal);
        Assert.StartsWith("%PDF", await File.ReadAllTextAsync(folder.At("page.pdf"), Encoding.Latin1), StringComparison.Ordinal);
    }

    private static MigrationResult Result => ReportPages.Completed() with
    {
        Warnings = ["<img src=http://report.test/y>"],
        Passes = [new PassReport
        {
            Pass = 1, DirtyPages = 5, SentPages = 5, ZeroPages = 0, WireBytes = 20_000, DurationMs = 3, SyncMs = 0, BandwidthBytesPerSecond = 1e9,
            DirtyBytesPerSecond = 1e8, ExpectedDowntimeMs = 12,
        }],
        DowntimeBreakdown = new DowntimeBreakdown(10, 0, null, null, [new("stop", MigrationSide.Source, 0, 4), new("resume", MigrationSide.Destination, 4, 6)], []),
    };

    /// <summary>The browser itself may ask for things of its own; those are named otherwise.</summary>
    private static bool IsOfAPage(string request) => request.Contains("report.test", StringComparison.Ordinal);

    private static async Task<(string Log, byte[] Picture, string[] Requests)> OpenAsync(string chromium, TemporaryFolder folder, string page, params string[] more)
    {
        using var proxy = new TcpListener(IPAddress.Loopback, 0);
        proxy.Start();
        using var end = new CancellationTokenSource();
        var counting = CountAsync(proxy, end.Token);
        var picture = folder.At("picture.png");
        File.Delete(picture);
        using var browser = Process.Start(new ProcessStartInfo(chromium, [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--enable-logging=stderr", "--window-size=1000,1600", $"--user-data-dir={folder.At("profile")}",
            $"--proxy-server=http://127.0.0.1:{((IPEndPoint)proxy.LocalEndpoint).Port}", $"--screenshot={picture}", .. more, "file://" + folder.At(page),
        ]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        try
        {
            var output = browser.StandardOutput.ReadToEndAsync();
            var log = await browser.StandardError.ReadToEndAsync().WaitAsync(Bound);
            await browser.WaitForExitAsync().WaitAsync(Bound);
            _ = await output;
            await end.CancelAsync();
            return (log, File.Exists(picture) ? await File.ReadAllBytesAsync(picture) : [], await counting);
        }
        finally
        {
            if (!browser.HasExited) browser.Kill(entireProcessTree: true);
        }
    }

    /// <summary>The first line of each request; none is answered.</summary>
    private static async Task<string[]> CountAsync(TcpListener proxy, CancellationToken end)
    {
        var requests = new List<string>();
        try
        {
            while (true)
            {
                using var connection = await proxy.AcceptTcpClientAsync(end);
                using var reader = new StreamReader(connection.GetStream(), Encoding.ASCII);
                requests.Add(await reader.ReadLineAsync(end) ?? "");
            }
        }
        catch (OperationCanceledException)
        {
            return [.. requests];
        }
    }
}
