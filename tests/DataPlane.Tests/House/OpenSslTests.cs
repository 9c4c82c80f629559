using Xunit;

namespace DataPlane.Tests.House;

/// <summary>
/// The runtime's cryptography, its random numbers included, loads OpenSSL, and ends the process where libssl is missing: that process may
/// have a guest in it. Comparing in constant time needs none.
/// </summary>
public sealed class OpenSslTests
{
    private const string Namespace = "System.Security.Cryptography.";
    private const string Harmless = Namespace + "CryptographicOperations";

    public static TheoryData<string> Products =>
        [.. Repository.Projects.Keys.Where(name => !name.EndsWith("Tests", StringComparison.Ordinal) && AssemblyMetadata.Exists(name))];

    [Theory]
    [MemberData(nameof(Products))]
    public void Nothing_that_loads_OpenSSL_is_used(string assembly)
    {
        using var metadata = new AssemblyMetadata(assembly);
        Assert.DoesNotContain(metadata.Types, IsForbidden);
    }

    [Fact]
    public void The_check_sees_what_is_used()
    {
        using var metadata = new AssemblyMetadata("DataPlane.Tests");
        Assert.Contains(metadata.Types, IsForbidden);
    }

    private static bool IsForbidden(string type) => type.StartsWith(Namespace, StringComparison.Ordinal) && type != Harmless;
}
