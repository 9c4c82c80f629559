using DataPlane.Native.Hosting;
using DataPlane.Native.Memory;
using DataPlane.Native.Options;
using DataPlane.Native.Structs;
using DataPlane.Options;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Interop;

/// <summary>What the C side's *_init functions write is what C# has without being told anything.</summary>
public sealed unsafe class DefaultOptionTests
{
    [SkippableFact]
    public void A_source_that_is_told_nothing_is_the_same_from_C_and_from_CSharp()
    {
        fixed (byte* bytes = Initialised("dp_source_options"))
        {
            var read = new OptionReader();
            using var host = new NativeHost(Host(), new GuestRam(), isSource: true, owner: this, read);
            var fromC = SourceOptions.Read((DpSourceOptions*)bytes, host, read);
            read.Throw();
            var own = new MigrationOptions();
            Assert.Equal(own, fromC with { Costs = own.Costs, LocalAddresses = own.LocalAddresses, ChannelCores = own.ChannelCores });
            Assert.Empty(fromC.LocalAddresses);
            Assert.Empty(fromC.ChannelCores);
        }
    }

    [SkippableFact]
    public void A_destination_that_is_told_nothing_is_the_same_from_C_and_from_CSharp()
    {
        fixed (byte* bytes = Initialised("dp_destination_options"))
        {
            var read = new OptionReader();
            var fromC = DestinationOptions.Read((DpDestinationOptions*)bytes, read);
            read.Throw();
            var own = new MigrationDestinationOptions();
            Assert.Equal(own, fromC with { ChannelCores = own.ChannelCores });
            Assert.Empty(fromC.ChannelCores);
        }
    }

    [Fact]
    public void Words_for_every_option_of_CSharp_are_in_the_header()
    {
        // What C says in another way, or cannot say.
        string[] otherwise =
        [
            "Costs", "AskOnStall", "LeastMaxBytesPerSecond", "EqualityContract", "LocalAddresses", "ChannelCores", "DowntimeLimit", "SwitchoverLimit", "Timeout", "Retain", "ConnectTimeout",
            "HandshakeTimeout", "IdleTimeout", "HandoverTimeout", "AcceptTimeout",
        ];
        var inC = HeaderText.Structs["dp_source_options"].Concat(HeaderText.Structs["dp_destination_options"]).Select(HeaderText.Pascal).ToHashSet(StringComparer.Ordinal);
        Assert.Superset(otherwise.Where(name => name.EndsWith("out", StringComparison.Ordinal) || name.EndsWith("Limit", StringComparison.Ordinal)).Select(name => name + "Us").ToHashSet(), inC);
        Assert.Empty(typeof(MigrationOptions).GetProperties().Concat(typeof(MigrationDestinationOptions).GetProperties()).Select(property => property.Name).Except(inC).Except(otherwise));
    }

    /// <summary>Sentences of the library name options as C# does; whoever calls from C reads the header's names.</summary>
    [Fact]
    public void Every_option_that_a_sentence_names_has_its_name_in_the_header()
    {
        var faulty = new MigrationOptions
        {
            Channels = 0, CompressThreads = 65, DowntimeLimit = default, SwitchoverLimit = TimeSpan.FromDays(1), AvailSwitchoverBytesPerSecond = 0, MaxBytesPerSecond = 1,
            Timeout = default, OnStall = StallHandling.Ask, Retries = -1, Retain = default, ConnectTimeout = default, HandshakeTimeout = default, IdleTimeout = default,
            HandoverTimeout = default, Congestion = "",
        };
        var there = new MigrationDestinationOptions
        {
            MaxChannels = 0, MaxDeviceStateBytes = -1, HandshakeTimeout = default, Retain = TimeSpan.FromDays(2), IdleTimeout = default, HandoverTimeout = default, Congestion = "",
            AcceptTimeout = TimeSpan.Zero,
        };
        AssertNamed(faulty.Validate(), "dp_source_options");
        AssertNamed(there.Validate(), "dp_destination_options");

        void AssertNamed(IReadOnlyList<string> sentences, string name)
        {
            Assert.True(sentences.Count > 7);
            Assert.All(sentences.Select(OptionNames.InC), sentence =>
            {
                Assert.Contains(sentence.Split(' ')[0], HeaderText.Structs[name]);
                Assert.DoesNotMatch("[a-z][A-Z]", sentence);
            });
        }
    }

    private static DpHost Host() => new() { StructSize = (uint)sizeof(DpHost), Pause = &Step, Resume = &Step };

    [System.Runtime.InteropServices.UnmanagedCallersOnly]
    private static int Step(void* opaque, DpStep* step) => 0;

    private static byte[] Initialised(string name)
    {
        Toolchain.OrSkip("gcc");
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.At("init.c"), $$"""
            #include <stdio.h>
            #include "dataplane.h"
            int main(void)
            {
                {{name}} value;
                if ({{name}}_init(&value, sizeof value) != DP_OK) return 1;
                for (size_t i = 0; i < sizeof value; i++) printf("%02x", ((unsigned char *)&value)[i]);
                return 0;
            }
            int32_t dp_refused(int32_t code, const char *sentence) { (void)sentence; return code; }
            """);
        _ = Toolchain.Must("gcc", "-std=c99", "-I", Toolchain.Include, folder.At("init.c"), Path.Combine(Toolchain.Shim, "defaults.c"), "-o", folder.At("init"));
        return Convert.FromHexString(Toolchain.Must(folder.At("init")));
    }
}
