using System.Runtime.InteropServices;
using DataPlane.Core.Errors;
using DataPlane.Handover;
using DataPlane.Native.Errors;
using DataPlane.Native.Migrations;

namespace DataPlane.Native.Exports;

/// <summary>The handover's records, for operators.</summary>
internal static unsafe class HandoverExports
{
    [UnmanagedCallersOnly(EntryPoint = "dpm_handover_status_json")]
    public static int Status(byte* folder, byte* text, ulong size, ulong* needed) =>
        Call.Run(() => NativeText.Write(HandoverJson.Of(HandoverJournals.Read(Folder(folder))), text, size, needed));

    [UnmanagedCallersOnly(EntryPoint = "dpm_handover_ask")]
    public static int Ask(byte* folder, byte* address, byte* image, long timeoutUs, byte* text, ulong size, ulong* needed) => Call.Run(() =>
    {
        using var limit = timeoutUs < 0 ? new CancellationTokenSource() : new CancellationTokenSource(Microseconds.ToTime(Math.Min(timeoutUs, 1000L * int.MaxValue)));
        var to = Address.Parse(NativeText.Need(address, "The address"));
        try
        {
            var answers = HandoverJournals.AskAsync(Folder(folder), to, image == null ? null : Image(image), limit.Token).GetAwaiter().GetResult();
            NativeText.Write(HandoverJson.Of(answers), text, size, needed);
        }
        catch (OperationCanceledException)
        {
            throw new NativeException(-(int)MigrationErrorCode.Timeout, $"{to} did not answer within the time allowed.");
        }
    });

    [UnmanagedCallersOnly(EntryPoint = "dpm_handover_resolve")]
    public static int Resolve(byte* folder, byte* image, uint attempt, int side, int otherSideIsOff, byte* arbiterFolder) => Call.Run(() =>
    {
        if (image == null) throw NativeException.Argument("The image is NULL.");
        if (side is not (0 or 1)) throw NativeException.Argument($"side is {side}; accepted: DP_SIDE_SOURCE and DP_SIDE_DESTINATION.");
        var arbiter = arbiterFolder == null ? null : new FileArbiter(NativeText.Need(arbiterFolder, "arbiter_folder"));
        var resolution = HandoverJournals.ResolveAsync(Folder(folder), Image(image), attempt, (MigrationSide)side, otherSideIsOff == 1, arbiter, CancellationToken.None).GetAwaiter().GetResult();
        if (resolution.Outcome != HandoverOutcome.Resolved) throw new NativeException(-(int)MigrationErrorCode.Refused, resolution.Message);
    });

    private static string Folder(byte* folder) => NativeText.Read(folder, "The folder") ?? HandoverJournals.DefaultFolder;

    private static Guid Image(byte* image) => new(new ReadOnlySpan<byte>(image, 16), bigEndian: true);
}
