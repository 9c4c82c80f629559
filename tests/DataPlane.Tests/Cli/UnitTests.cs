using DataPlane.Cli.Units;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace DataPlane.Tests.Cli;

public sealed class UnitTests
{
    [Theory]
    [InlineData("4GiB", 4L << 30)]
    [InlineData("4G", 4L << 30)]
    [InlineData("512MiB", 512L << 20)]
    [InlineData("0.5k", 512)]
    [InlineData("4096B", 4096)]
    [InlineData("1T", 1L << 40)]
    [InlineData("0", 0)]
    public void Size_of_an_accepted_form_is_read(string text, long bytes)
    {
        Assert.True(ByteSize.TryParse(text, out var read));
        Assert.Equal(bytes, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("G")]
    [InlineData("4")]
    [InlineData("4GB")]
    [InlineData("4 GiB")]
    [InlineData("-4G")]
    [InlineData("+4G")]
    [InlineData("1e3G")]
    [InlineData("1.2.3G")]
    [InlineData("1,5G")]
    [InlineData(".G")]
    [InlineData("0.3B")]
    [InlineData("99999999T")]
    [InlineData("79228162514264337593543950335T")]
    [InlineData("99999999999999999999999999999999999999T")]
    [InlineData("٤G")]
    public void Size_of_another_form_is_refused(string text) => Assert.False(ByteSize.TryParse(text, out _));

    [Theory]
    [InlineData("10Gbit/s", 1_250_000_000)]
    [InlineData("1.25GB/s", 1_250_000_000)]
    [InlineData("200MiB/s", 200L << 20)]
    [InlineData("8bit/s", 1)]
    [InlineData("12bit/s", 1)]
    [InlineData("0", 0)]
    public void Rate_of_an_accepted_form_is_read(string text, long bytesPerSecond)
    {
        Assert.True(ByteRate.TryParse(text, out var read));
        Assert.Equal(bytesPerSecond, read);
    }

    [Theory]
    [InlineData("10")]
    [InlineData("10G")]
    [InlineData("10Gb/s")]
    [InlineData("10gbit/s")]
    [InlineData("10Gbit")]
    [InlineData("1bit/s")]
    [InlineData("-1MiB/s")]
    public void Rate_of_another_form_is_refused(string text) => Assert.False(ByteRate.TryParse(text, out _));

    [Theory]
    [InlineData("300ms", 300 * TimeSpan.TicksPerMillisecond)]
    [InlineData("2s", 2 * TimeSpan.TicksPerSecond)]
    [InlineData("1.5s", 1500 * TimeSpan.TicksPerMillisecond)]
    [InlineData("5m", 5 * TimeSpan.TicksPerMinute)]
    [InlineData("1h", TimeSpan.TicksPerHour)]
    [InlineData("50us", 50 * TimeSpan.TicksPerMicrosecond)]
    [InlineData("0.1us", 1)]
    [InlineData("0", 0)]
    public void Time_of_an_accepted_form_is_read(string text, long ticks)
    {
        Assert.True(Duration.TryParse(text, out var read));
        Assert.Equal(ticks, read.Ticks);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("5M")]
    [InlineData("5min")]
    [InlineData("0.01us")]
    [InlineData("99999999999999h")]
    public void Time_of_another_form_is_refused(string text) => Assert.False(Duration.TryParse(text, out _));

    [Fact]
    public void What_is_written_reads_the_same()
    {
        Prop.ForAll(Numbers(), number =>
            ByteSize.TryParse(ByteSize.Write(number), out var size) && size == number
            && ByteRate.TryParse(ByteRate.Write(number), out var rate) && rate == number
            && Duration.TryParse(Duration.Write(new TimeSpan(number)), out var time) && time.Ticks == number).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(0L, "0")]
    [InlineData(1L << 30, "1GiB")]
    [InlineData(3L << 29, "1536MiB")]
    [InlineData(4097L, "4097B")]
    public void Size_is_written_with_the_largest_unit_that_fits(long bytes, string text) => Assert.Equal(text, ByteSize.Write(bytes));

    [Fact]
    public void People_get_three_figures()
    {
        Assert.Equal("1.5 GiB", ForPeople.Size(3L << 29));
        Assert.Equal("1 KiB", ForPeople.Size(1023));
        Assert.Equal("10 Gbit/s", ForPeople.BitRate(1.25e9));
        Assert.Equal("8.25 ms", ForPeople.Milliseconds(8.25));
        Assert.Equal("120 us", ForPeople.Milliseconds(0.12));
        Assert.Equal("2.31 s", ForPeople.Milliseconds(2310));
    }

    [Fact]
    public void One_of_a_thing_is_no_plural()
    {
        Assert.Equal("1 channel", ForPeople.Counted(1, "channel"));
        Assert.Equal("0 runs", ForPeople.Counted(0, "run"));
        Assert.Equal("1,000 pages", ForPeople.Counted(1000, "page"));
    }

    /// <summary>Any positive number, and the round ones that have a large unit.</summary>
    private static Arbitrary<long> Numbers() => Gen.OneOf(
        Gen.Choose(0, int.MaxValue).Select(number => (long)number),
        Gen.Choose(0, 63 - 1).Select(shift => 1L << shift),
        Gen.Choose(0, 1 << 20).Select(number => number * 1_000_000_000L),
        Gen.Choose(0, 1 << 20).Select(number => number * TimeSpan.TicksPerHour / 4)).ToArbitrary();
}
