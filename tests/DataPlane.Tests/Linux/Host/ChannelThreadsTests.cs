using DataPlane.Linux;
using DataPlane.Linux.Host;
using Xunit;

namespace DataPlane.Tests.Linux.Host;

/// <summary>What the kernel says of a thread that has entered.</summary>
public sealed class ChannelThreadsTests
{
    [Fact]
    public void Thread_bears_the_prefix_its_role_and_its_number_and_runs_on_the_core_of_that_number()
    {
        var allowed = Field("/proc/self/status", "Cpus_allowed_list:").Split(',', '-').Select(int.Parse).Distinct().ToArray();
        var threads = new ChannelThreads("vm42", allowed);
        string name = "", cores = "";
        Run(threads, number: 3, () =>
        {
            name = File.ReadAllText("/proc/thread-self/comm").TrimEnd();
            cores = Field("/proc/thread-self/status", "Cpus_allowed_list:");
        });
        Assert.Equal("vm42-send-3", name);
        Assert.Equal(allowed[3 % allowed.Length].ToString(System.Globalization.CultureInfo.InvariantCulture), cores);
    }

    [Fact]
    public void Thread_of_a_host_that_names_no_cores_may_run_on_all()
    {
        var cores = "";
        Run(ChannelThreads.Default, number: 0, () => cores = Field("/proc/thread-self/status", "Cpus_allowed_list:"));
        Assert.Equal(Field("/proc/self/status", "Cpus_allowed_list:"), cores);
    }

    [Fact]
    public void A_core_that_this_process_may_not_use_is_named()
    {
        LinuxException? fault = null;
        var thread = new Thread(() => fault = Record.Exception(() => new ChannelThreads("dp", [ThreadCores.Most - 1]).Enter(0)) as LinuxException);
        thread.Start();
        thread.Join();
        Assert.Contains($"CPU {ThreadCores.Most - 1}", fault?.Message, StringComparison.Ordinal);
    }

    private static void Run(ChannelThreads threads, int number, Action look)
    {
        var thread = threads.Make("send", number, () =>
        {
            threads.Enter(number);
            look();
        });
        thread.Start();
        thread.Join();
    }

    private static string Field(string file, string name) => File.ReadLines(file).First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Trim();
}
