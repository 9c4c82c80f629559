using System.Globalization;
using System.Text;
using DataPlane.Tests.Cli;
using DataPlane.Tests.House;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Interop;

/// <summary>The library in host processes written in C: tests/native.</summary>
[Collection("machine")]
public sealed class LibraryTests(BuiltLibrary library) : IClassFixture<BuiltLibrary>
{
    private const int RoundsOfGate = 50, RoundsOfAll = 1000;

    [SkippableFact]
    public void It_exports_what_the_header_declares_and_nothing_else()
    {
        library.OrSkip();
        Toolchain.OrSkip("nm");
        var exported = Toolchain.Must("nm", "-D", "--defined-only", BuiltLibrary.File).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[^1].Split('@')[0]);
        Assert.Equal(HeaderText.Functions.Keys.Order(StringComparer.Ordinal), exported.Where(name => name != "DATAPLANE_0").Order(StringComparer.Ordinal));
    }

    [SkippableFact]
    public void It_bears_its_name_and_cannot_be_unmapped()
    {
        library.OrSkip();
        Toolchain.OrSkip("readelf");
        var dynamic = Toolchain.Must("readelf", "-dW", BuiltLibrary.File);
        Assert.Contains("soname: [libdataplane.so.0]", dynamic, StringComparison.Ordinal);
        Assert.Contains("NODELETE", dynamic, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_guest_that_is_written_all_the_while_arrives_byte_for_byte()
    {
        library.OrSkip();
        Assert.Contains("blackout", Toolchain.Must(library.Compile("move.c"), "256"), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_storm_of_SIGUSR1_at_every_thread_does_no_harm()
    {
        library.OrSkip();
        var program = library.Compile("move.c");
        for (var round = 0; round < TestSet.Times(3); round++) Assert.Contains("kicks", Toolchain.Must(program, "128", "storm"), StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("plain")]
    [InlineData("reprotect")]
    [InlineData("userfault")]
    [InlineData("vhost")]
    public void A_VMM_that_asks_for_everything_gets_it_in_one_event_loop(string tracking)
    {
        library.OrSkip();
        var output = Toolchain.Must(library.Compile("tracking.c"), tracking);
        Skip.If(output.StartsWith("unavailable", StringComparison.Ordinal), output);
        Assert.Equal("ok\n", output);
    }

    [SkippableFact]
    public void Pages_in_a_balloon_are_neither_read_nor_sent()
    {
        library.OrSkip();
        Assert.Equal("ok\n", Toolchain.Must(library.Compile("discard.c")));
    }

    [SkippableTheory]
    [InlineData("continue")]
    [InlineData("throttle")]
    [InlineData("describe")]
    [InlineData("nobody")]
    public void What_a_VMM_is_asked_and_told_while_it_migrates(string what)
    {
        library.OrSkip();
        Assert.Equal("ok\n", Toolchain.Must(library.Compile("answers.c"), what));
    }

    [SkippableTheory]
    [InlineData("ask")]
    [InlineData("source")]
    [InlineData("destination")]
    [InlineData("arbiter")]
    public void A_guest_that_nobody_can_tell_the_owner_of_ends_with_one(string how)
    {
        library.OrSkip();
        Assert.Equal("ok\n", Toolchain.Must(library.Compile("doubt.c"), how));
    }

    /// <summary>What stands on interop/README.md, in two processes.</summary>
    [SkippableFact]
    public async Task The_program_on_the_page_moves_its_guest()
    {
        library.OrSkip();
        var page = File.ReadAllText(Path.Combine(Repository.Root, "interop", "README.md"));
        var start = page.IndexOf("/* guest.c ", StringComparison.Ordinal);
        File.WriteAllText(library.At("guest.c"), page[start..page.IndexOf("```", start, StringComparison.Ordinal)]);
        var program = library.Compile(library.At("guest.c"));
        await using var receive = ProgramProcess.StartFile(program, "receive tcp:127.0.0.1:0");
        await using var send = ProgramProcess.StartFile(program, $"send {await receive.AddressAsync()}");
        var (sent, received) = (await send.EndAsync(), await receive.EndAsync());
        Assert.True((sent.Code, received.Code) == (0, 0), $"{sent.Out}{sent.Error}{received.Out}{received.Error}");
        Assert.StartsWith("the guest moved: 16384 pages compared, it stood for ", sent.Out, StringComparison.Ordinal);
        Assert.Contains("the guest went on, and has written ", received.Out, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("before")]
    [InlineData("after")]
    [InlineData("fork")]
    [InlineData("space")]
    [InlineData("unload")]
    [InlineData("abi")]
    public void What_the_runtime_cannot_live_with_is_refused_in_words(string what)
    {
        library.OrSkip();
        Assert.Equal("ok\n", Toolchain.Must(library.Compile("signals.c"), what));
    }

    [SkippableFact]
    public void Whatever_a_caller_gets_wrong_is_a_code_and_a_sentence()
    {
        library.OrSkip();
        Assert.Equal("ok\n", Toolchain.Must(library.Compile("abuse.c")));
    }

    [SkippableFact]
    public void Many_migrations_of_one_process_leave_threads_descriptors_and_memory_where_they_were()
    {
        library.OrSkip();
        var rounds = TestSet.All ? RoundsOfAll : RoundsOfGate;
        Assert.Contains("rounds", Toolchain.Must(library.Compile("rounds.c"), rounds.ToString(CultureInfo.InvariantCulture)), StringComparison.Ordinal);
    }

    /// <summary>Each function as the first that a process calls, before dp_init and as the first after it, with nothing but zeros.</summary>
    [SkippableFact]
    public void Each_function_may_be_called_first_in_a_fresh_process()
    {
        library.OrSkip();
        var program = new StringBuilder("#include <stdio.h>\n#include <string.h>\n#include \"dataplane.h\"\nint main(int count, char **arguments)\n{\n    if (count > 2 && dp_init(DP_ABI_VERSION) != DP_OK) return 1;\n");
        foreach (var (name, parameters) in HeaderText.Functions)
            program.Append(CultureInfo.InvariantCulture, $"    if (strcmp(arguments[1], \"{name}\") == 0) (void){name}({string.Join(", ", Enumerable.Repeat("0", parameters))});\n");
        File.WriteAllText(library.At("first.c"), program.Append("    puts(\"alive\");\n    return 0;\n}\n").ToString());
        var first = library.Compile(library.At("first.c"));
        Assert.All(HeaderText.Functions.Keys, name =>
        {
            Assert.Equal("alive\n", Toolchain.Must(first, name));
            Assert.Equal("alive\n", Toolchain.Must(first, name, "initialised"));
        });
    }
}
