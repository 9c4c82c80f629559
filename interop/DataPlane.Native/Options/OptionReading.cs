using System.Net;
using DataPlane.Handover;
using DataPlane.Host;
using DataPlane.Native.Errors;
using DataPlane.Native.Hosting;
using DataPlane.Native.Structs;

namespace DataPlane.Native.Options;

/// <summary>What the options of both sides have in common. Every check that the C# options make themselves is left to them.</summary>
internal static unsafe class OptionReading
{
    private const uint MostCores = 4096, MostAddresses = 64;

    public static T Choice<T>(int value, string name)
        where T : struct, Enum
    {
        var choice = (T)Enum.ToObject(typeof(T), value);
        return Enum.IsDefined(choice) ? choice : throw NativeException.Argument($"{name} is {value}, which is none of its values.");
    }

    /// <summary>0 is no, 1 is yes.</summary>
    public static bool Flag(int value, string name) => value is 0 or 1 ? value == 1 : throw NativeException.Argument($"{name} is {value}; accepted: 0 and 1.");

    public static int Count(uint value, string name) => value <= int.MaxValue ? (int)value : throw NativeException.Argument($"{name} is {value}, more than there can be.");

    public static int[] Cores(int* cores, uint count)
    {
        if (count == 0) return [];
        if (cores == null || count > MostCores) throw NativeException.Argument($"cores is an array of {count} CPU numbers{(cores == null ? " at NULL" : "")}; accepted: up to {MostCores}.");
        return new ReadOnlySpan<int>(cores, (int)count).ToArray();
    }

    public static IPAddress[] Addresses(byte** addresses, uint count)
    {
        if (count == 0) return [];
        if (addresses == null || count > MostAddresses) throw NativeException.Argument($"local_addresses is an array of {count}{(addresses == null ? " at NULL" : "")}; accepted: up to {MostAddresses}.");
        var read = new IPAddress[count];
        for (uint i = 0; i < count; i++)
        {
            var text = NativeText.Need(addresses[i], "A local address");
            read[i] = IPAddress.TryParse(text, out var address) ? address : throw NativeException.Argument($"'{text}' is not an IP address.");
        }
        return read;
    }

    public static IOwnershipArbiter? Arbiter(DpArbiter* callbacks, byte* folder)
    {
        if (callbacks != null && folder != null) throw NativeException.Argument("arbiter and arbiter_folder are both given; there is one arbiter.");
        return folder != null ? new FileArbiter(NativeText.Need(folder, "arbiter_folder"))
            : callbacks != null ? new CallbackArbiter(StructCopy.Read<DpArbiter>(callbacks, "dp_arbiter")) : null;
    }

    public static Action<string>? Log(delegate* unmanaged<void*, byte*, void> log, void* opaque) => log == null ? null : new NativeLog(log, opaque).Write;
}
