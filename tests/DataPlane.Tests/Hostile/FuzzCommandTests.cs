using DataPlane.Fuzz;
using DataPlane.Fuzz.Targets;
using DataPlane.Tests.Kit;
using Xunit;
using Xunit.Abstractions;

namespace DataPlane.Tests.Hostile;

/// <summary>The fuzz program: a short run of all of it, and what it does when a rule is broken.</summary>
[Collection("machine")]
public sealed class FuzzCommandTests(ITestOutputHelper output) : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
    private readonly StringWriter _told = new();

    [Theory]
    [InlineData(1)]
    [InlineData(null)]
    public async Task A_short_run_breaks_no_rule(int? seed)
    {
        var options = new FuzzOptions { Time = TimeSpan.FromSeconds(TestSet.All ? 300 : 3), Folder = _folder };
        if (seed is { } given) options = options with { Seed = given };
        using var loop = Loop(options);
        var held = await loop.RunAsync();
        output.WriteLine(_told.ToString());
        Assert.True(held, _told.ToString());
        Assert.True(loop.Runs > 100, _told.ToString());
    }

    [Fact]
    public async Task What_breaks_a_rule_is_told_with_the_seed_and_can_be_repeated_from_its_file()
    {
        using (var loop = Loop(new FuzzOptions { Runs = 1000, Seed = 7, Folder = _folder, Targets = ["brittle"] }, _ => new BrittleTarget()))
            Assert.False(await loop.RunAsync());
        var told = _told.ToString();
        Assert.Contains("run 41 of brittle, seed 7", told, StringComparison.Ordinal);
        Assert.Contains("the answer", told, StringComparison.Ordinal);
        var file = told[(told.IndexOf("--replay ", StringComparison.Ordinal) + 9)..].Trim();
        using (var again = Loop(new FuzzOptions { Folder = _folder }, _ => new BrittleTarget())) Assert.False(await again.ReplayAsync(FuzzInput.Load(file)));
        Assert.Equal([file], Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task An_input_that_is_the_last_before_the_process_ends_is_in_its_file()
    {
        using var loop = Loop(new FuzzOptions { Runs = 3, Folder = _folder, Targets = ["brittle"] }, _ => new BrittleTarget(Look));
        Assert.True(await loop.RunAsync());

        void Look(byte[] input) => Assert.Equal(input, FuzzInput.Load(Assert.Single(Directory.GetFiles(_folder))).Bytes);
    }

    [Theory]
    [InlineData("--target", "nothing")]
    [InlineData("--runs", "-1")]
    [InlineData("--seconds")]
    [InlineData("--replay", "/no/such/file")]
    public void Arguments_that_are_none_are_refused(params string[] args)
    {
        Assert.False(FuzzOptions.TryParse(args, out _, out var fault));
        Assert.Contains(args[0], fault, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _told.Dispose();
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    private FuzzLoop Loop(FuzzOptions options, Func<string, IFuzzTarget>? create = null) =>
        new(options, TextWriter.Synchronized(_told), () => Environment.FailFast("An input of the fuzz run does not end."), create);

    private sealed class BrittleTarget(Action<byte[]>? look = null) : IFuzzTarget
    {
        private int _made;

        public string Name => "brittle";

        public byte[] Make(Random random) => [1, 2, (byte)(_made++ == 41 ? 42 : 3)];

        public Task RunAsync(byte[] input)
        {
            look?.Invoke(input);
            return input[2] == 42 ? throw new FuzzFault("the answer") : Task.CompletedTask;
        }

        public void Dispose()
        {
        }
    }
}
