using System.Diagnostics;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Cli.Output;

/// <summary>The program on a real terminal: a pseudo terminal that script(1) makes.</summary>
[Collection("programs")]
public sealed class TerminalTests
{
    // A busy machine may never find the moment in which the rest fits; what is drawn is looked at here, and not what is measured.
    private const string Common = "demo --guest synthetic --run-for 50ms --verify digest --dirty 1MiB/s --timeout 5s --on-timeout force";
    private const string Short = Common + " --memory 16MiB";

    /// <summary>Of a second, so that rates are known and shown.</summary>
    private const string Slow = Common + " --memory 64MiB --fill random --max-bandwidth 64MiB/s";

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    [SkippableFact]
    public async Task Demo_is_one_screen_and_leaves_nothing_but_its_notes_and_its_summary()
    {
        var (code, output) = await RunAsync(60, 24, Slow + " 2>&1");
        Assert.True(code is 0 or 10, output);
        Assert.Contains("\e[J", output, StringComparison.Ordinal);
        Assert.Contains("blackout  ", output, StringComparison.Ordinal);
        Assert.Contains("waits for", output, StringComparison.Ordinal);
        var terminal = new TerminalPicture(1000);
        terminal.Write(output);
        Assert.DoesNotContain("waits for", terminal.Text, StringComparison.Ordinal);
        Assert.Contains("completed: the guest moved to the destination", terminal.Text, StringComparison.Ordinal);
        Assert.True(terminal.Colours > 0);
        // Nothing that was drawn was wider than the window; notes and the summary are not drawn.
        Assert.All(output.Split('\n').Where(line => line.Contains("\e[K", StringComparison.Ordinal)), line => Assert.InRange(Visible(line), 0, 59));
    }

    [SkippableTheory]
    [InlineData("TERM=dumb", false)]
    [InlineData("NO_COLOR=1", true)]
    public async Task Who_wants_no_colour_or_no_screen_gets_none(string variable, bool screen)
    {
        var (code, output) = await RunAsync(80, 24, Short + " 2>&1", variable);
        Assert.True(code is 0 or 10, output);
        Assert.Equal(screen, output.Contains("\e[J", StringComparison.Ordinal));
        var terminal = new TerminalPicture(1000);
        terminal.Write(output);
        Assert.Equal(0, terminal.Colours);
    }

    /// <summary>Standard output holds the document alone, whatever is drawn beside it.</summary>
    [SkippableFact]
    public async Task Nothing_of_it_goes_to_standard_output()
    {
        using var folder = new TemporaryFolder();
        var (code, output) = await RunAsync(80, 24, $"{Short} --json - > {folder.At("out.json")}");
        Assert.True(code is 0 or 10, output);
        Assert.Contains("\e[J", output, StringComparison.Ordinal);
        Assert.StartsWith("{", await File.ReadAllTextAsync(folder.At("out.json")), StringComparison.Ordinal);
        Assert.DoesNotContain('\e', await File.ReadAllTextAsync(folder.At("out.json")));
    }

    private static int Visible(string line)
    {
        var terminal = new TerminalPicture(1000);
        terminal.Write(line.TrimEnd('\r'));
        return terminal.Text.Length == 0 ? 0 : terminal.Text.Split('\n').Max(row => row.Length);
    }

    private static async Task<(int Code, string Output)> RunAsync(int columns, int rows, string line, string variable = "TERM=xterm-256color")
    {
        Skip.IfNot(File.Exists("/usr/bin/script"), "There is no script(1); Debian has it in the package bsdutils.");
        var program = $"'{Environment.ProcessPath}' '{BuiltProgram.File}'";
        var start = new ProcessStartInfo("/usr/bin/script", ["-qec", $"stty cols {columns} rows {rows}; export TERM=xterm-256color {variable}; {program} {line}", "/dev/null"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        };
        start.Environment.Remove("NO_COLOR");
        using var script = Process.Start(start)!;
        try
        {
            var output = await script.StandardOutput.ReadToEndAsync().WaitAsync(Bound);
            await script.WaitForExitAsync().WaitAsync(Bound);
            return (script.ExitCode, output);
        }
        finally
        {
            if (!script.HasExited) script.Kill(entireProcessTree: true);
        }
    }
}
