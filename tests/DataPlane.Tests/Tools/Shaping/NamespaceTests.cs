using System.Diagnostics;
using System.Net;
using DataPlane.Linux.Host;
using DataPlane.Tools.Shaping;
using Xunit;

namespace DataPlane.Tests.Tools.Shaping;

/// <summary>Links of network namespaces: made, held to a rate, taken down, and cleared away where a killed process has left them.</summary>
[Collection("programs")]
public sealed class NamespaceTests
{
    [SkippableFact]
    public async Task RateByTheKernel_DelayBehindIt_AndNothingIsLeft()
    {
        const int Rate = 40_000_000, Bytes = 8_000_000;
        var delay = TimeSpan.FromMilliseconds(10);
        NeedsRoot();
        NamespaceOwner owner;
        await using (var link = await OpenOrSkipAsync(new LinkShape { BytesPerSecond = Rate, Delay = delay }))
        {
            Assert.Equal(ShapingMechanism.NamespacesAndRelay, link.Mechanism);
            var names = (Source: link.SourceCommandPrefix[^1], Destination: link.DestinationCommandPrefix[^1]);
            Assert.True(NamespaceOwner.TryRead(names.Source, out owner));
            Assert.Equal(NamespaceOwner.Current, owner);
            Assert.True(File.Exists(Path.Combine(NetworkNamespace.Folder, names.Destination)));

            var end = EndPoint(link.Listen);
            using var listener = NetworkNamespace.CreateSocket(names.Destination, end);
            listener.Bind(end);
            listener.Listen(1);
            var via = EndPoint(link.Reach(MigrationAddress.Of(listener.LocalEndPoint!)));
            using var client = NetworkNamespace.CreateSocket(names.Source, via);
            client.Connect(via);
            using var server = await listener.AcceptAsync();
            var since = Stopwatch.GetTimestamp();
            var sending = Task.Run(() => client.Send(new byte[Bytes]));
            Assert.Equal(Bytes, LinkCall.Receive(server, Bytes).Bytes.Length);
            Assert.Equal(Bytes, await sending);
            // What tbf lets through at once, taken off.
            Assert.True(Stopwatch.GetElapsedTime(since) is var took && took >= TimeSpan.FromSeconds((Bytes - (256 << 10)) / (double)Rate) + delay, $"{took}");
        }
        Assert.DoesNotContain(Directory.EnumerateFiles(NetworkNamespace.Folder), file => NamespaceOwner.TryRead(Path.GetFileName(file), out var left) && left == owner);
    }

    [SkippableFact]
    public async Task NamespacesOfAKilledProcess_AreTakenDown_AndThoseOfALivingOneStay()
    {
        NeedsRoot();
        using var killed = Process.Start("sleep", "600");
        var stem = NamespaceOwner.Of(killed.Id)!.Value.Stem(1);
        var (left, kept) = ($"{stem}-s", $"{NamespaceOwner.Current.Stem(9999)}-s");
        try
        {
            foreach (var name in new[] { left, kept }) IpCommand.Need("ip", "netns", "add", name);
            await using (await OpenOrSkipAsync(new LinkShape { BytesPerSecond = 1_000_000 })) Assert.True(File.Exists(Path.Combine(NetworkNamespace.Folder, left)));
            killed.Kill();
            await killed.WaitForExitAsync();
            await using (await OpenOrSkipAsync(new LinkShape { BytesPerSecond = 1_000_000 })) Assert.False(File.Exists(Path.Combine(NetworkNamespace.Folder, left)));
            Assert.True(File.Exists(Path.Combine(NetworkNamespace.Folder, kept)));
        }
        catch (ShapingException refused)
        {
            throw new SkipException(refused.Message);
        }
        finally
        {
            foreach (var name in new[] { left, kept }) _ = IpCommand.Fault("ip", "netns", "del", name);
            if (!killed.HasExited) killed.Kill();
        }
    }

    [Theory]
    [InlineData("dataplane-link-12-345-1-s", 12, 345UL)]
    [InlineData("dataplane-link-12-345-1-x", 0, 0UL)]
    [InlineData("dataplane-link-12-1-s", 0, 0UL)]
    [InlineData("dpt-12-s", 0, 0UL)]
    public void Names_TellTheirOwner(string name, int process, ulong began)
    {
        Assert.Equal(process > 0, NamespaceOwner.TryRead(name, out var owner));
        Assert.Equal((process, began), (owner.Process, owner.Began));
    }

    private static void NeedsRoot() => Skip.IfNot(Environment.IsPrivilegedProcess, "Network namespaces need root.");

    private static async Task<ShapedLink> OpenOrSkipAsync(LinkShape shape)
    {
        try
        {
            return await ShapedLink.OpenAsync(shape, ShapingChoice.Namespaces, default);
        }
        catch (ShapingException refused)
        {
            throw new SkipException(refused.Message);
        }
    }

    private static IPEndPoint EndPoint(MigrationAddress address) => new(IPAddress.Parse(address.Host!), address.Port);
}
