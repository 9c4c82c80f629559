using DataPlane.Core.Wire;
using DataPlane.Fuzz.Recording;

namespace DataPlane.Fuzz.Mutation;

/// <summary>Changes to a stream of control messages: hostile numbers and lengths, messages lost, doubled, swapped, of another type or session; mostly sealed again.</summary>
internal static class MessageMutations
{
    public static byte[] Apply(byte[] messages, byte[] other, Random random)
    {
        if (random.Next(12) == 0) return ByteMutations.Apply(messages, random);
        var list = MessageList.Parse(messages);
        for (var changes = random.Next(1, 4); changes > 0 && list.Items.Count > 0; changes--)
            Change(list.Items, random.Next(list.Items.Count), other, random);
        return list.Bytes();
    }

    /// <summary>One message, changed. Mostly sealed again.</summary>
    public static RawMessage Change(RawMessage message, Random random)
    {
        var type = random.Next(6) == 0 ? (ControlMessageType)random.Next(20) : message.Type;
        byte[] payload = [.. message.Payload];
        if (payload.Length == 0 || random.Next(3) == 0) payload = ByteMutations.Apply(payload, random);
        else
        {
            var size = Math.Min(1 << random.Next(4), payload.Length);
            if (size is 1 or 2 or 4 or 8) Numbers.Change(payload.AsSpan(random.Next(payload.Length - size + 1)), size, random);
        }
        var changed = new RawMessage(message.Header, payload);
        if (random.Next(10) > 0) return changed.Sealed(type);
        return changed with { Header = ByteMutations.Apply(message.Header, random) };
    }

    private static void Change(List<RawMessage> messages, int at, byte[] other, Random random)
    {
        switch (random.Next(8))
        {
            case 0:
                messages.RemoveAt(at);
                break;
            case 1:
                messages.Insert(random.Next(messages.Count + 1), messages[at]);
                break;
            case 2:
                var to = random.Next(messages.Count);
                (messages[at], messages[to]) = (messages[to], messages[at]);
                break;
            case 3:
                var foreign = MessageList.Parse(other).Items;
                if (foreign.Count > 0) messages.Insert(random.Next(messages.Count + 1), foreign[random.Next(foreign.Count)]);
                break;
            default:
                messages[at] = Change(messages[at], random);
                break;
        }
    }
}
