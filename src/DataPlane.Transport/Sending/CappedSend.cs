using DataPlane.Linux.Sockets;

namespace DataPlane.Transport.Sending;

/// <summary>Sends pieces of memory through a cap: cut up small enough that the cap is kept over a short time too.</summary>
internal static unsafe class CappedSend
{
    /// <summary>As <see cref="IDataConnection.Send"/>, and returns the timestamp ticks that the connection's own calls took.</summary>
    public static long Run(IDataConnection connection, IoVector* vectors, int count, BandwidthCap cap)
    {
        long ticks = 0;
        while (count > 0)
        {
            var pieces = count;
            IoVector rest = default;
            if (cap.IsActive)
            {
                pieces = Cut(vectors, count, (nuint)cap.Piece, out var bytes, out rest);
                cap.Take(bytes);
            }
            var start = System.Diagnostics.Stopwatch.GetTimestamp();
            connection.Send(vectors, pieces);
            ticks += System.Diagnostics.Stopwatch.GetTimestamp() - start;
            if (rest.Length > 0) vectors[--pieces] = rest; // Sending has used up the vector that was cut.
            vectors += pieces;
            count -= pieces;
        }
        return ticks;
    }

    /// <summary>How many vectors make up at most <paramref name="most"/> bytes; the last is cut to fit, and what is left of it is <paramref name="rest"/>.</summary>
    private static int Cut(IoVector* vectors, int count, nuint most, out int bytes, out IoVector rest)
    {
        nuint sum = 0;
        rest = default;
        for (var i = 0; i < count; i++)
        {
            var room = most - sum;
            if (vectors[i].Length > room)
            {
                rest = new IoVector { Base = vectors[i].Base + room, Length = vectors[i].Length - room };
                vectors[i].Length = room;
                bytes = (int)most;
                return i + 1;
            }
            sum += vectors[i].Length;
        }
        bytes = (int)sum;
        return count;
    }
}
