using DataPlane.Core.Errors;
using DataPlane.Native.Errors;
using DataPlane.Options;
using DataPlane.Results;
using Xunit;

namespace DataPlane.Tests.Interop;

public sealed class HeaderNumbersTests
{
    public static TheoryData<string, Type> Choices => new()
    {
        { "DP_STATUS_", typeof(MigrationStatus) }, { "DP_COMPRESSION_", typeof(PageCompression) }, { "DP_INTEGRITY_", typeof(IntegrityMode) }, { "DP_VERIFY_", typeof(VerifyMode) },
        { "DP_ON_TIMEOUT_", typeof(TimeoutPolicy) }, { "DP_ON_STALL_", typeof(StallHandling) }, { "DP_STALL_", typeof(StallAnswer) },
    };

    [Theory]
    [MemberData(nameof(Choices))]
    public void A_choice_has_the_number_that_it_has_in_CSharp(string prefix, Type choices) =>
        Assert.Equal(
            Enum.GetValues(choices).Cast<object>().ToDictionary(value => value.ToString()!, value => (int)value),
            HeaderText.Numbers.Where(number => number.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(number => HeaderText.Pascal(number.Key[prefix.Length..]), number => number.Value));

    [Fact]
    public void An_error_that_a_migration_ends_with_has_its_stable_number_negated() =>
        Assert.Equal(
            Enum.GetValues<MigrationErrorCode>().ToDictionary(code => code.ToString(), code => -(int)code),
            Errors().Where(error => error.Value > -100).ToDictionary(error => error.Key, error => error.Value));

    [Fact]
    public void An_error_that_a_call_is_refused_with_has_the_number_of_the_header()
    {
        var known = Errors();
        foreach (var constant in typeof(DpError).GetFields())
            Assert.Equal(known[constant.Name], (int)constant.GetRawConstantValue()!);
    }

    [Fact]
    public void No_two_errors_share_a_number() => Assert.Equal(Errors().Count, Errors().Values.Distinct().Count());

    private static Dictionary<string, int> Errors() => HeaderText.Numbers.Where(number => number.Key.StartsWith("DP_E_", StringComparison.Ordinal))
        .ToDictionary(number => HeaderText.Pascal(number.Key["DP_E_".Length..]), number => number.Value);
}
