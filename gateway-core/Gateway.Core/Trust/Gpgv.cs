using Gateway.Core.Processes;
using Gateway.Core.State;

namespace Gateway.Core.Trust;

/// <summary>Runs gpgv on files that nobody else can write. What it says is judged by <see cref="GpgvVerdict"/>.</summary>
internal static class Gpgv
{
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The outcome, with nothing but status lines on standard output: gpgv writes its remarks to standard error, and with
    /// a detached signature it never writes content.
    /// </summary>
    /// <param name="program">gpgv.</param>
    /// <param name="folder">Its home, empty but for these files; absolute.</param>
    /// <param name="keyring">Binary keyring.</param>
    /// <param name="signature">Binary detached signature.</param>
    /// <param name="data">The signed bytes; absolute.</param>
    /// <param name="cancellation">Ends gpgv.</param>
    public static Task<ProcessOutcome> RunAsync(string program, PrivateFolder folder, string keyring, string signature, string data, CancellationToken cancellation)
    {
        // Its clock may be wrong in either direction; ReleaseGate keeps a time policy of our own.
        return ProcessRunner.RunAsync(
            new ProcessRequest(program, ["--homedir", folder.FullPath, "--keyring", keyring, "--ignore-time-conflict", "--status-fd", "1", signature, data])
            {
                ClearEnvironment = true,
                Environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["LC_ALL"] = "C.UTF-8", ["PATH"] = ProgramPath.Default },
                WorkingDirectory = folder.FullPath,
                Timeout = LongestRun,
                OutputLimit = 64 * 1024,
            },
            cancellation);
    }
}
