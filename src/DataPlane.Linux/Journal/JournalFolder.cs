namespace DataPlane.Linux.Journal;

/// <summary>What a journal needs of its folder.</summary>
internal static class JournalFolder
{
    /// <summary>The folder used where none is named: of this user, and not among what a reboot empties.</summary>
    public static string Default { get; } = Path.Combine(
        Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } state ? state
            : Environment.UserName == "root" ? "/var/lib"
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local/state"),
        "dataplane/handover");

    /// <summary>Makes the folder where it is not there, for its owner alone.</summary>
    public static void Make(string folder)
    {
        if (Directory.Exists(folder)) return;
        if (OperatingSystem.IsWindows()) throw new PlatformNotSupportedException();
        _ = Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Whoever can write to the folder can say that a guest was never taken.</summary>
    /// <exception cref="JournalException">Others than its owner may write to it.</exception>
    public static void RefuseOthers(string folder)
    {
        if (OperatingSystem.IsWindows()) throw new PlatformNotSupportedException();
        if ((File.GetUnixFileMode(folder) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0)
            throw new JournalException(
                JournalFault.Unsafe, $"Others than its owner may write to the journal '{folder}': take that right away (chmod go-w).");
    }

    /// <summary>A file that is on the disk under a name that is not is lost all the same.</summary>
    public static void Flush(string folder)
    {
        var fd = JournalNative.Open(folder, JournalNative.OpenFolder);
        if (fd < 0) throw LinuxException.Last("open");
        try
        {
            if (JournalNative.Flush(fd) != 0) throw LinuxException.Last("fsync");
        }
        finally
        {
            _ = JournalNative.Close(fd);
        }
    }
}
