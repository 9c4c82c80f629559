using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using DataPlane.Guests.Kvm;
using DataPlane.Guests.Memory;
using DataPlane.Guests.Writing;
using DataPlane.Tests.House;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Interop;

/// <summary>What the VMM in C and the program write down twice, since they share no line of code: seen without KVM, which the migrations between them need.</summary>
public sealed class VmmFormatTests
{
    private static readonly string Sources = Path.Combine(Repository.Root, "interop", "vmm");

    /// <summary>By the names that C has for the fields, in the order of C#.</summary>
    private static readonly string[] Fields =
    [
        "magic", "first_page", "pages", "pattern", "hot_pages", "hot_share", "scatter", "quantiles", "batch", "random", "position", "count", "same",
        "hot_start", "drift", "write", "content", "list", "bytes_per_second", "burst_period_ns",
    ];

    [SkippableFact]
    public void Memory_and_state_are_laid_out_as_the_program_has_them()
    {
        var prints = new StringBuilder();
        foreach (var field in Fields) _ = prints.Append(CultureInfo.InvariantCulture, $"    printf(\"{field} %zu\\n\", offsetof(struct writer, {field}));\n");
        foreach (var name in new[] { "sizeof(struct writer)", "WRITER_MAGIC", "WRITERS", "STACKS", "CODE", "QUANTILES", "PAGE_TABLES", "SYSTEM_BYTES", "MAX_MEMORY", "VCPU_STATE_VERSION" })
            _ = prints.Append(CultureInfo.InvariantCulture, $"    printf(\"{name} %llu\\n\", (unsigned long long){name});\n");
        using var folder = new TemporaryFolder();
        var ofC = Run(folder, $"#include \"vcpu_state.h\"\n#include <stdio.h>\nint main(void)\n{{\n{prints}    return 0;\n}}\n", "");

        var fields = typeof(WriterBlock).GetFields(System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Public);
        Assert.Equal(Fields.Length, fields.Length);
        string[] here =
        [
            .. Fields.Zip(fields, (name, field) => $"{name} {Marshal.OffsetOf<WriterBlock>(field.Name)}"),
            $"sizeof(struct writer) {Marshal.SizeOf<WriterBlock>()}", $"WRITER_MAGIC {WriterBlock.ExpectedMagic}", $"WRITERS {GuestLayout.WriterBlocks}",
            $"STACKS {GuestLayout.Stacks}", $"CODE {GuestLayout.Code}", $"QUANTILES {GuestLayout.Quantiles}", $"PAGE_TABLES {GuestLayout.PageTables}",
            $"SYSTEM_BYTES {GuestLayout.SystemBytes}", $"MAX_MEMORY {GuestLayout.MaxKvmBytes}", $"VCPU_STATE_VERSION {KvmGuest.StateVersion}",
        ];
        Assert.Equal(here, ofC.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>A place that the program saved, taken by the VMM and saved again.</summary>
    [SkippableTheory]
    [InlineData(1, 0ul, "")]
    [InlineData(2, 0ul, "changes its orders from phase to phase")]
    [InlineData(1, 7ul, "replays a trace")]
    public void A_schedule_comes_back_as_it_went_or_is_refused(int phases, ulong trace, string refusal)
    {
        var phase = new WriterPhase { Pattern = 2, HotPages = 2048, Drift = 3, Batch = 100, BytesPerSecond = 200 << 20, BurstPeriodNanoseconds = 5 };
        var place = new WriterScheduleState { PaceClock = 1_234_567_890_123, CountBefore = 987_654_321_000, Replay = trace, Phases = [.. Enumerable.Repeat(phase, phases)] };
        var bytes = new ArrayBufferWriter<byte>();
        place.Write(bytes);
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.At("came"), bytes.WrittenSpan);
        var said = Run(
            folder,
            """
            #include "schedule.h"
            #include <stdio.h>
            int main(int count, char **files)
            {
                uint8_t came[4096], gone[SCHEDULE_SIZE];
                struct pace pace = { 0 };
                struct writer writer = { .pattern = 2, .hot_pages = 2048, .drift = 3, .batch = 100, .bytes_per_second = 200 << 20, .burst_period_ns = 5 };
                FILE *file = fopen(files[count - 2], "rb");
                size_t size = fread(came, 1, sizeof came, file);
                fclose(file);
                const char *refusal = schedule_load(&pace, came, size);
                schedule_save(&pace, &writer, gone);
                file = fopen(files[count - 1], "wb");
                fwrite(gone, 1, sizeof gone, file);
                fclose(file);
                printf("%s", refusal == NULL ? "" : refusal);
                return 0;
            }
            """,
            "schedule.c", folder.At("came"), folder.At("gone"));
        if (refusal.Length > 0) Assert.Contains(refusal, said, StringComparison.Ordinal);
        else Assert.Equal(("", Convert.ToHexString(bytes.WrittenSpan)), (said, Convert.ToHexString(File.ReadAllBytes(folder.At("gone")))));
    }

    private static string Run(TemporaryFolder folder, string program, string with, params string[] arguments)
    {
        Toolchain.OrSkip("gcc");
        File.WriteAllText(folder.At("main.c"), program);
        string[] sources = with.Length > 0 ? [folder.At("main.c"), Path.Combine(Sources, with)] : [folder.At("main.c")];
        _ = Toolchain.Must("gcc", ["-std=gnu99", "-I", Sources, "-I", Toolchain.Include, .. sources, "-o", folder.At("program")]);
        return Toolchain.Must(folder.At("program"), arguments);
    }
}
