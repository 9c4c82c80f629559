using System.Buffers.Binary;
using System.Text;
using DataPlane.Linux.Host;
using Xunit;

namespace DataPlane.Tests.Linux.Host;

public sealed class QueueRulesTests
{
    private const uint Root = 0xffff_ffff;

    [Fact]
    public void This_host_tells()
    {
        var rules = QueueRules.Read();
        Assert.NotNull(rules);
        Assert.All(rules, rule => Assert.False(string.IsNullOrEmpty(rule.Kind)));
    }

    [Fact]
    public void Rate_of_a_tbf_is_read_from_either_field()
    {
        var rules = new List<QueueRule>();
        byte[] answer =
        [
            .. Discipline(2, Root, "noqueue", []),
            .. Discipline(3, Root, "tbf", Attribute(1, Rate(125_000_000))),
            .. Discipline(4, 0x10001, "tbf", [.. Attribute(1, Rate(uint.MaxValue)), .. Attribute(4, BitConverter.GetBytes(12_500_000_000UL))]),
        ];
        Assert.Null(QueueRules.TryParse(answer, rules));
        Assert.Equal([new QueueRule(2, "noqueue", true, null), new QueueRule(3, "tbf", true, 125_000_000), new QueueRule(4, "tbf", false, 12_500_000_000)], rules);
        Assert.True(QueueRules.TryParse(Message(3, new byte[4]), rules));
        Assert.False(QueueRules.TryParse(Message(2, BitConverter.GetBytes(-95)), rules));
    }

    [Fact]
    public void Answer_that_is_cut_off_anywhere_breaks_nothing()
    {
        var answer = Discipline(3, Root, "tbf", Attribute(1, Rate(1)));
        for (var length = 0; length < answer.Length; length++) Assert.NotEqual(true, QueueRules.TryParse(answer.AsSpan(0, length), []));
        for (var at = 0; at < answer.Length; at++)
        {
            var damaged = answer.ToArray();
            damaged[at] ^= 0xff;
            _ = QueueRules.TryParse(damaged, []);
        }
    }

    private static byte[] Rate(uint bytesPerSecond)
    {
        var parameters = new byte[36];
        BinaryPrimitives.WriteUInt32LittleEndian(parameters.AsSpan(8), bytesPerSecond);
        return parameters;
    }

    private static byte[] Discipline(int index, uint parent, string kind, byte[] options)
    {
        var head = new byte[20];
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(4), index);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(12), parent);
        return Message(36, [.. head, .. Attribute(1, [.. Encoding.ASCII.GetBytes(kind), 0]), .. Attribute(2, options)]);
    }

    private static byte[] Attribute(ushort kind, byte[] value) => Padded([.. BitConverter.GetBytes((ushort)(value.Length + 4)), .. BitConverter.GetBytes(kind), .. value]);

    private static byte[] Message(ushort type, byte[] body) =>
        Padded([.. BitConverter.GetBytes(body.Length + 16), .. BitConverter.GetBytes(type), .. new byte[10], .. body]);

    private static byte[] Padded(byte[] bytes) => [.. bytes, .. new byte[(4 - (bytes.Length % 4)) % 4]];
}
