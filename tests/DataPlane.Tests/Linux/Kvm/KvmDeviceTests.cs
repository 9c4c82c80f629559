using DataPlane.Linux.Kvm;
using Xunit;

namespace DataPlane.Tests.Linux.Kvm;

/// <summary>What is said where KVM is not to be had: what is missing, what it means, what to do.</summary>
public sealed class KvmDeviceTests
{
    [Fact]
    public void MissingDevice_SaysHowToGetIt()
    {
        var fault = Assert.Throws<KvmException>(() => KvmDevice.Open("/dev/no-such-kvm"));
        Assert.Contains("/dev/no-such-kvm", fault.Message, StringComparison.Ordinal);
        Assert.Contains("Without it no KVM guest can run", fault.Message, StringComparison.Ordinal);
        Assert.Contains("synthetic guest", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SomethingElse_IsNotTakenForKvm() =>
        Assert.Contains("is not a KVM", Assert.Throws<KvmException>(() => KvmDevice.Open("/dev/null")).Message, StringComparison.Ordinal);
}
