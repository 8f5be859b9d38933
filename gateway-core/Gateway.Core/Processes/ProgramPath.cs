namespace Gateway.Core.Processes;

/// <summary>
/// Finds programs as execvp does. The runtime's own search would look beside our program and in the working folder
/// first, where somebody else may have put a namesake.
/// </summary>
public static class ProgramPath
{
    /// <summary>Where Debian keeps programs, for a child that is given no PATH.</summary>
    public const string Default = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>The program's path, or null when there is none. A name with a slash is taken as it is.</summary>
    public static string? Find(string program, string? path)
    {
        if (program.Contains('/', StringComparison.Ordinal))
        {
            return Path.GetFullPath(program);
        }

        return (path ?? Default).Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Where(folder => folder.StartsWith('/'))
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(IsProgram);
    }

    private static bool IsProgram(string file)
    {
        try
        {
            return File.Exists(file) && (File.GetUnixFileMode(file) & AnyExecute) != UnixFileMode.None;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
