using DataPlane.Cli;

namespace DataPlane.Tests.Cli;

/// <summary>The program's command line run in this process, with what it wrote and its exit code.</summary>
internal sealed record ProgramRun(int Code, string Out, string Error)
{
    public static async Task<ProgramRun> OfAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLine.RunAsync(arguments, new ProgramStreams(output, error, CanRedraw: false));
        return new ProgramRun(code, output.ToString(), error.ToString());
    }
}
