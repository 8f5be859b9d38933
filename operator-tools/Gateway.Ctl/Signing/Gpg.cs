using System.Collections.Immutable;
using Gateway.Core.Processes;
using Gateway.Core.Reports;

namespace Gateway.Ctl.Signing;

/// <summary>
/// Debian's gpg in one home. Private keys stay in it, and passphrases between it and its agent: the terminal is told to
/// the agent, so that its pinentry can ask there.
/// </summary>
/// <param name="home">gpg's home; null for gpg's own choice (<c>GNUPGHOME</c>, <c>~/.gnupg</c>).</param>
internal sealed class Gpg(string? home)
{
    // A person types a passphrase meanwhile.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Where it keeps keys, for messages.</summary>
    public string Home => home ?? Environment.GetEnvironmentVariable("GNUPGHOME") ?? "~/.gnupg";

    /// <summary>Runs gpg; status lines and results on standard output. A failure carries gpg's own words.</summary>
    /// <param name="arguments">After the common ones.</param>
    /// <param name="what">What is attempted, for the message: "sign x.yml".</param>
    /// <param name="input">Its standard input.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<Result<string>> RunAsync(
        ImmutableArray<string> arguments, string what, ReadOnlyMemory<byte> input, CancellationToken cancellation)
    {
        ImmutableArray<string> common = ["--batch", "--no-tty", "--no-greeting", "--quiet"];
        ImmutableArray<string> where = home is null ? [] : ["--homedir", Path.GetFullPath(home)];
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["LC_ALL"] = "C.UTF-8" };
        if (ControllingTerminal() is { } terminal)
        {
            environment["GPG_TTY"] = terminal;
        }

        var outcome = await ProcessRunner.RunAsync(
            new ProcessRequest("gpg", [.. common, .. where, .. arguments]) { Environment = environment, StandardInput = input, Timeout = Patience },
            cancellation);
        return outcome switch
        {
            { ExitCode: 0 } => outcome.StandardOutput,
            { ExitCode: ProcessOutcome.NotFound } => Wrong($"could not {what}: gpg is not installed; apt install gpg gpg-agent"),
            { TimedOut: true } => Wrong($"could not {what}: gpg gave no answer in {Patience.TotalMinutes} minutes"),
            _ => Wrong($"could not {what}: {Words(outcome.StandardError)}"),
        };
    }

    /// <summary>The terminal a pinentry may ask on, or null.</summary>
    public static string? ControllingTerminal()
    {
        if (Environment.GetEnvironmentVariable("GPG_TTY") is { Length: > 0 } told)
        {
            return told;
        }

        return Enumerable.Range(0, 3)
            .Select(descriptor => new FileInfo($"/proc/self/fd/{descriptor}").LinkTarget)
            .FirstOrDefault(target => target is not null
                && (target.StartsWith("/dev/pts/", StringComparison.Ordinal) || target.StartsWith("/dev/tty", StringComparison.Ordinal)));
    }

    private static Failure Wrong(string message) => new(Phase.Configuration, "gpg", message);

    private static string Words(string error)
    {
        var words = OneLine.Of(error.Replace("gpg: ", "", StringComparison.Ordinal));
        return words.Length == 0 ? "it did not say why"
            : words.Contains("secret key", StringComparison.Ordinal) ? $"{words}; make a key with gatewayctl keygen, or name one with --signing-key and its home with --home"
            : words;
    }
}
