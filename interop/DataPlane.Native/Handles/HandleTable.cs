using DataPlane.Native.Errors;

namespace DataPlane.Native.Handles;

/// <summary>
/// All handles that were given out. A handle is no address: what C sees as a pointer is a mark, the kind, the number of the place and how often that
/// place has been given out. So whatever a caller hands in, also long after, is told apart without touching its memory. Any thread.
/// </summary>
internal static class HandleTable
{
    // Bits 63 to 56, not all equal: no address of a process has them, so no pointer passes for a handle and a handle that is followed faults at once.
    private const ulong Mark = 0x5DUL << 56;
    private const int KindShift = 52, TurnShift = 24;
    private const ulong KindBits = 0xF, TurnBits = (1UL << 28) - 1, PlaceBits = (1UL << 24) - 1;

    private static readonly Lock Gate = new();
    private static readonly Stack<int> Free = new();
    private static Place[] s_places = new Place[16];
    private static int s_used;

    public static nint Add(NativeObject value)
    {
        lock (Gate)
        {
            if (!Free.TryPop(out var number))
            {
                if (s_used == s_places.Length) Array.Resize(ref s_places, 2 * s_used);
                number = s_used++;
            }
            ref var place = ref s_places[number];
            place.Turn = (place.Turn + 1) & TurnBits;
            place.Value = value;
            return unchecked((nint)(Mark | ((ulong)value.Kind << KindShift) | (place.Turn << TurnShift) | (uint)number));
        }
    }

    public static T Get<T>(nint handle, HandleKind kind)
        where T : NativeObject
    {
        lock (Gate) return (T)s_places[Find(handle, kind)].Value!;
    }

    /// <summary>The object of any kind behind <paramref name="handle"/>; null where there is none.</summary>
    public static NativeObject? TryGet(nint handle)
    {
        lock (Gate)
        {
            var bits = unchecked((ulong)handle);
            var number = bits & PlaceBits;
            if (bits >> 56 != Mark >> 56 || number >= (ulong)s_used) return null;
            var place = s_places[number];
            return place.Turn == ((bits >> TurnShift) & TurnBits) && (ulong?)place.Value?.Kind == ((bits >> KindShift) & KindBits) ? place.Value : null;
        }
    }

    /// <summary>Takes the handle back and destroys what is behind it; where that refuses, the handle stays.</summary>
    public static void Destroy(nint handle, HandleKind kind)
    {
        NativeObject value;
        lock (Gate) value = s_places[Find(handle, kind)].Value!;
        lock (value)
        {
            lock (Gate) _ = Find(handle, kind); // Two who destroy it at once: the second finds it gone.
            value.Destroy();
            Remove(handle, kind);
        }
    }

    public static void Remove(nint handle, HandleKind kind)
    {
        lock (Gate)
        {
            var number = Find(handle, kind);
            s_places[number].Value = null;
            Free.Push(number);
        }
    }

    private static int Find(nint handle, HandleKind kind)
    {
        if (handle == 0) throw new NativeException(DpError.NullHandle, $"The handle of a {Name(kind)} is NULL.");
        var bits = unchecked((ulong)handle);
        var number = bits & PlaceBits;
        var turn = (bits >> TurnShift) & TurnBits;
        if (bits >> 56 != Mark >> 56 || number >= (ulong)s_used || turn > s_places[number].Turn)
            throw new NativeException(DpError.ForeignHandle, $"0x{bits:x} is not a handle of this library; a {Name(kind)} is wanted.");
        var given = (HandleKind)((bits >> KindShift) & KindBits);
        if (given != kind) throw new NativeException(DpError.ForeignHandle, $"A {Name(kind)} is wanted, and this is a {Name(given)}.");
        var place = s_places[number];
        if (place.Turn != turn || place.Value is null) throw new NativeException(DpError.StaleHandle, $"This {Name(kind)} was destroyed.");
        return (int)number;
    }

    private static string Name(HandleKind kind) => kind switch
    {
        HandleKind.Memory => "dp_memory",
        HandleKind.Dirty => "dp_dirty",
        HandleKind.Migration => "dp_migration",
        HandleKind.Listener => "dp_listener",
        HandleKind.Costs => "dp_costs",
        HandleKind.Stream => "dp_stream",
        _ => "handle of no kind",
    };

    private struct Place
    {
        public NativeObject? Value;
        public ulong Turn;
    }
}
