using System.Globalization;
using System.IO.Compression;
using DataPlane.Tests.House;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Interop;

/// <summary>
/// The packages that <c>interop/pack</c> makes, each installed from a folder into a fresh project and used there. Making them takes minutes, so they are made
/// and tried with the larger set.
/// </summary>
[Collection("programs")]
public sealed class PackageTests(PackageTests.Packages packages) : IClassFixture<PackageTests.Packages>
{
    [SkippableTheory]
    [InlineData("net10.0")]
    [InlineData("net9.0")]
    public void Library_in_a_fresh_project_moves_a_guest(string framework)
    {
        packages.OrSkip();
        var project = packages.NewProject("library-" + framework, "DataPlane", framework);
        File.Copy(Path.Combine(Toolchain.NativeTests, "..", "packages", "MoveOnce.cs"), Path.Combine(project, "Program.cs"));
        _ = Toolchain.Must("dotnet", "build", project, "-v", "q", "-nologo");
        if (framework != "net10.0") return; // Its runtime need not be here: that it compiles against that half of the package is what counts.
        Assert.Equal("Completed", Toolchain.Must("dotnet", "run", "--no-build", "--project", project).Trim());
    }

    [SkippableFact]
    public void C_library_is_found_by_a_project_of_its_own_and_by_a_C_program()
    {
        packages.OrSkip();
        var project = packages.NewProject("native", "DataPlane.Native", "net10.0");
        File.WriteAllText(Path.Combine(project, "Program.cs"), """
            using System.Runtime.InteropServices;
            System.Console.WriteLine(Marshal.PtrToStringUTF8(Native.Version()));
            static class Native { [DllImport("libdataplane.so.0", EntryPoint = "dp_version_string")] public static extern nint Version(); }
            """);
        _ = Toolchain.Must("dotnet", "build", project, "-v", "q", "-nologo");
        Assert.Equal(Packages.Version, Toolchain.Must("dotnet", "run", "--no-build", "--project", project).Trim());

        var root = packages.Unpacked("DataPlane.Native");
        var (source, program) = (Path.Combine(project, "c.c"), Path.Combine(project, "c"));
        File.WriteAllText(source, """
            #include <dataplane.h>
            #include <stdio.h>
            int main(void) { printf("%s %d\n", dp_version_string(), dp_init(DP_ABI_VERSION)); return 0; }
            """);
        var libraries = Path.Combine(root, "runtimes", "linux-x64", "native");
        _ = Toolchain.Must("gcc", "-I", Path.Combine(root, "build", "native", "include"), source, "-o", program, "-L", libraries, "-l:libdataplane.so.0", $"-Wl,-rpath,{libraries}");
        Assert.Equal($"{Packages.Version} 0", Toolchain.Must(program).Trim());
        var pkgConfig = File.ReadAllText(Path.Combine(root, "build", "native", "dataplane.pc"));
        Assert.Contains($"Version: {Packages.Version}", pkgConfig, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Program_is_installed_as_a_tool_and_runs_its_demo()
    {
        packages.OrSkip();
        var folder = packages.NewFolder("tool");
        _ = Toolchain.Must("dotnet", "tool", "install", "DataPlane.Cli", "--version", Packages.Version, "--tool-path", folder, "--configfile", packages.Config);
        var output = Toolchain.Must(Path.Combine(folder, "dataplane"), "demo", "--guest", "synthetic", "--memory", "64MiB", "--working-set", "8MiB", "--progress", "none");
        Assert.Contains("completed: the guest moved to the destination", output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Library_has_its_documentation_and_symbols_for_both_frameworks()
    {
        packages.OrSkip();
        var library = packages.Entries($"DataPlane.{Packages.Version}.nupkg");
        var symbols = packages.Entries($"DataPlane.{Packages.Version}.snupkg");
        foreach (var framework in (string[])["net9.0", "net10.0"])
            foreach (var layer in (string[])["DataPlane", "DataPlane.Control", "DataPlane.Core", "DataPlane.Linux", "DataPlane.Transport"])
            {
                Assert.Contains($"lib/{framework}/{layer}.dll", library);
                Assert.Contains($"lib/{framework}/{layer}.xml", library);
                Assert.Contains($"lib/{framework}/{layer}.pdb", symbols);
            }
        Assert.Contains("PACKAGE.md", library);
    }

    /// <summary>The packages, made once, and projects that know of no other place to have them from.</summary>
    public sealed class Packages : IDisposable
    {
        private readonly TemporaryFolder _folder = new();
        private readonly Lazy<string?> _missing;

        public Packages() => _missing = new Lazy<string?>(Make);

        public static string Version { get; } = typeof(MigrationSource).Assembly.GetName().Version!.ToString(3);

        /// <summary>Where packages come from: ours from their folder, what they need from where everything comes from.</summary>
        public string Config => _folder.At("nuget.config");

        private string Made => _folder.At("packages");

        public void OrSkip() => Skip.If(_missing.Value is not null, _missing.Value);

        public string NewFolder(string name) => Directory.CreateDirectory(_folder.At(name)).FullName;

        public string NewProject(string name, string package, string framework)
        {
            var folder = NewFolder(name);
            File.WriteAllText(Path.Combine(folder, name + ".csproj"), string.Create(CultureInfo.InvariantCulture, $"""
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup>
                    <OutputType>Exe</OutputType>
                    <TargetFramework>{framework}</TargetFramework>
                    <AllowUnsafeBlocks>true</AllowUnsafeBlocks>
                    <ImplicitUsings>enable</ImplicitUsings>
                    <Nullable>enable</Nullable>
                    <RestorePackagesPath>{_folder.At("cache")}</RestorePackagesPath>
                  </PropertyGroup>
                  <ItemGroup><PackageReference Include="{package}" Version="{Version}" /></ItemGroup>
                </Project>
                """));
            return folder;
        }

        public string Unpacked(string package)
        {
            var folder = _folder.At("unpacked-" + package);
            if (!Directory.Exists(folder)) ZipFile.ExtractToDirectory(Path.Combine(Made, $"{package}.{Version}.nupkg"), folder);
            return folder;
        }

        public IReadOnlyList<string> Entries(string file)
        {
            using var archive = ZipFile.OpenRead(Path.Combine(Made, file));
            return [.. archive.Entries.Select(entry => entry.FullName)];
        }

        public void Dispose() => _folder.Dispose();

        private string? Make()
        {
            if (!TestSet.All) return "Making the packages takes minutes: 'tests/all' does, and so does 'interop/pack'.";
            if (!Toolchain.Has("gcc") || !Toolchain.Has("objcopy")) return "The native library needs gcc and objcopy, which are not on this host.";
            var (status, output, errors) = Toolchain.Run(Path.Combine(Repository.Root, "interop", "pack"), Made);
            if (status != 0 && errors.Contains("NU1101", StringComparison.Ordinal)) return $"The packages of the native compiler cannot be had: {errors}";
            Assert.True(status == 0, $"interop/pack ended with {status}: {output}{errors}");
            File.WriteAllText(Config, $"""
                <configuration>
                  <config><add key="globalPackagesFolder" value="{_folder.At("cache")}" /></config>
                  <packageSources><add key="made" value="{Made}" /></packageSources>
                </configuration>
                """);
            return null;
        }
    }
}
