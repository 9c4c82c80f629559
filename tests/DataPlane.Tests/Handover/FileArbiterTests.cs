using DataPlane.Core.Errors;
using DataPlane.Handover;
using DataPlane.Host;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Handover;

public sealed class FileArbiterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Of_many_claims_at_once_one_wins_and_all_hear_of_it()
    {
        _ = FileArbiter.Create(_folder.Path);
        for (uint attempt = 1; attempt <= 50; attempt++)
        {
            var image = Guid.NewGuid();
            using var start = new ManualResetEventSlim();
            var claims = Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
            {
                start.Wait();
                var side = i % 2 == 0 ? MigrationSide.Source : MigrationSide.Destination;
                return await new FileArbiter(_folder.Path).DecideAsync(new OwnershipClaim(image, attempt, 0, side), CancellationToken.None);
            })).ToArray();
            start.Set();
            Assert.Single((await Task.WhenAll(claims)).Distinct());
        }
        Assert.DoesNotContain(Directory.EnumerateFiles(_folder.Path), file => Path.GetFileName(file).Count(c => c == '.') > 1); // No draft is left.
    }

    [Fact]
    public async Task Verdict_stands_for_its_image_attempt_and_turn_only()
    {
        var arbiter = FileArbiter.Create(_folder.Path);
        var first = new OwnershipClaim(Guid.NewGuid(), 1, 0, MigrationSide.Destination);
        Assert.Equal(MigrationSide.Destination, await arbiter.DecideAsync(first, default));
        Assert.Equal(MigrationSide.Destination, await arbiter.DecideAsync(first with { Claimant = MigrationSide.Source }, default));
        Assert.Equal(MigrationSide.Source, await arbiter.DecideAsync(first with { Claimant = MigrationSide.Source, Turn = 1 }, default));
        Assert.Equal(MigrationSide.Source, await arbiter.DecideAsync(first with { Claimant = MigrationSide.Source, Attempt = 2 }, default));
        Assert.Equal(MigrationSide.Source, await arbiter.DecideAsync(first with { Claimant = MigrationSide.Source, Image = Guid.NewGuid() }, default));
    }

    [Fact]
    public void Folder_without_an_arbiter_is_none_and_two_folders_are_two()
    {
        Assert.Throws<IOException>(() => new FileArbiter(_folder.Path));
        Assert.Throws<IOException>(() => new FileArbiter(_folder.At("missing")));
        Assert.Throws<IOException>(() => FileArbiter.Create(_folder.At("missing")));
        var id = FileArbiter.Create(_folder.Path).Id;
        Assert.Equal(id, FileArbiter.Create(_folder.Path).Id);
        Assert.Equal(id, new FileArbiter(_folder.Path).Id);
        Assert.InRange(id.Length, 1, 200);
        _ = Directory.CreateDirectory(_folder.At("other"));
        Assert.NotEqual(id, FileArbiter.Create(_folder.At("other")).Id);
    }

    [Fact]
    public async Task Verdict_that_can_not_be_written_or_read_is_an_error_and_no_verdict()
    {
        var arbiter = FileArbiter.Create(_folder.Path);
        var claim = new OwnershipClaim(Guid.NewGuid(), 1, 0, MigrationSide.Source);
        File.WriteAllText(_folder.At($"{claim.Image:N}-1-0.verdict"), "nobody");
        await Assert.ThrowsAsync<IOException>(async () => await arbiter.DecideAsync(claim, default));
        File.WriteAllText(_folder.At($"{claim.Image:N}-2-0.verdict"), "");
        await Assert.ThrowsAsync<IOException>(async () => await arbiter.DecideAsync(claim with { Attempt = 2 }, default));
    }
}
