using System.Text.Json;
using DataPlane.Linux.Codecs;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Cli;

/// <summary>Hosts without a compression library: a file of its name that is none hides it from one process.</summary>
[Collection("programs")]
public sealed class MissingLibraryTests : IDisposable
{
    private const string Guest = "--guest synthetic --memory 64MiB --fill text";

    private readonly string _folder = Directory.CreateTempSubdirectory("dataplane-no-lz4-").FullName;

    public MissingLibraryTests() => File.WriteAllText(Path.Combine(_folder, "liblz4.so.1"), "no library");

    [Fact]
    public async Task Without_liblz4_and_the_adapter_the_program_names_the_package()
    {
        await using var receive = ProgramProcess.Start($"receive --listen tcp:127.0.0.1:0 {Guest}");
        await using var send = ProgramProcess.Start($"send --to {await receive.AddressAsync()} {Guest} --compression lz4", libraries: _folder);
        var (code, _, errors) = await send.EndAsync();
        Assert.Equal(9, code);
        Assert.Contains("'apt install liblz4-1'", errors, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Auto_works_with_what_both_have_and_says_what_was_missing()
    {
        foreach (var library in CodecLibraries.All) NeedsCodecLibrary.Check(library);
        await using var receive = ProgramProcess.Start($"receive --listen tcp:127.0.0.1:0 --poison --run-for 1ms {Guest}", libraries: _folder);
        await using var send = ProgramProcess.Start(
            $"send --to {await receive.AddressAsync()} {Guest} --compression auto --verify full --json -");
        var (code, output, errors) = await send.EndAsync();
        Assert.True(code == 0, errors);
        using var document = JsonDocument.Parse(output);
        var compression = document.RootElement.GetProperty("compression");
        Assert.Equal("auto", compression.GetProperty("mode").GetString());
        Assert.Equal(["zstd"], compression.GetProperty("available").EnumerateArray().Select(name => name.GetString()!));
        Assert.Equal("The destination does not have lz4.", compression.GetProperty("missing").GetString());
        Assert.Equal(0, document.RootElement.GetProperty("verify").GetProperty("mismatched").GetInt64());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
