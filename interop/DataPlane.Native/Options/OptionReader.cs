using System.Net;
using DataPlane.Handover;
using DataPlane.Host;
using DataPlane.Native.Errors;
using DataPlane.Native.Hosting;
using DataPlane.Native.Structs;

namespace DataPlane.Native.Options;

/// <summary>
/// Reads what a caller says of one side, its host and its options. What cannot be is kept as a sentence and read as something harmless, so that
/// <see cref="Throw"/> names every fault at once. Every check that the C# options make themselves is left to them.
/// </summary>
internal sealed unsafe class OptionReader
{
    private const uint MostCores = 4096, MostAddresses = 64;
    private readonly List<string> _faults = [];

    public void Fault(string sentence) => _faults.Add(sentence);

    /// <summary>Refuses the call where anything was wrong.</summary>
    public void Throw()
    {
        if (_faults.Count > 0) throw NativeException.Argument(string.Join(" ", _faults));
    }

    public T Choice<T>(int value, string name)
        where T : struct, Enum
    {
        var choice = (T)Enum.ToObject(typeof(T), value);
        return Enum.IsDefined(choice) ? choice : Instead<T>($"{name} is {value}, which is none of its values.", default);
    }

    /// <summary>0 is no, 1 is yes.</summary>
    public bool Flag(int value, string name) => value is 0 or 1 ? value == 1 : Instead($"{name} is {value}; accepted: 0 and 1.", false);

    public int Count(uint value, string name) => value <= int.MaxValue ? (int)value : Instead($"{name} is {value}, more than there can be.", 1);

    /// <summary>Text that may be NULL.</summary>
    public string? Text(byte* text, string name)
    {
        try
        {
            return NativeText.Read(text, name);
        }
        catch (NativeException refused)
        {
            return Instead<string?>(refused.Message, null);
        }
    }

    /// <summary>Text that may not.</summary>
    public string? Needed(byte* text, string name) => text != null ? Text(text, name) : Instead<string?>($"{name} is NULL.", null);

    public int[] Cores(int* cores, uint count)
    {
        if (count == 0) return [];
        if (cores == null || count > MostCores) return Instead<int[]>($"cores is an array of {count} CPU numbers{(cores == null ? " at NULL" : "")}; accepted: up to {MostCores}.", []);
        return new ReadOnlySpan<int>(cores, (int)count).ToArray();
    }

    public IPAddress[] Addresses(byte** addresses, uint count)
    {
        if (count == 0) return [];
        if (addresses == null || count > MostAddresses) return Instead<IPAddress[]>($"local_addresses is an array of {count}{(addresses == null ? " at NULL" : "")}; accepted: up to {MostAddresses}.", []);
        var read = new List<IPAddress>();
        for (uint i = 0; i < count; i++)
        {
            if (Needed(addresses[i], "A local address") is not { } text) continue;
            if (IPAddress.TryParse(text, out var address)) read.Add(address);
            else Fault($"'{text}' is not an IP address.");
        }
        return [.. read];
    }

    public IOwnershipArbiter? Arbiter(DpArbiter* callbacks, byte* folder)
    {
        if (callbacks != null && folder != null) return Instead<IOwnershipArbiter?>("arbiter and arbiter_folder are both given; there is one arbiter.", null);
        try
        {
            return folder != null ? new FileArbiter(NativeText.Need(folder, "arbiter_folder"))
                : callbacks != null ? new CallbackArbiter(StructCopy.Read<DpArbiter>(callbacks, "dp_arbiter")) : null;
        }
        catch (NativeException refused) when (refused.Code == DpError.Argument)
        {
            return Instead<IOwnershipArbiter?>(refused.Message, null);
        }
    }

    public static Action<string>? Log(delegate* unmanaged<void*, byte*, void> log, void* opaque) => log == null ? null : new NativeLog(log, opaque).Write;

    private T Instead<T>(string sentence, T harmless)
    {
        Fault(sentence);
        return harmless;
    }
}
