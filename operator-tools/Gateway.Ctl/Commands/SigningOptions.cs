using System.CommandLine;
using Gateway.Ctl.Settings;

namespace Gateway.Ctl.Commands;

/// <summary>Options of the commands that sign.</summary>
internal sealed class SigningOptions
{
    private readonly Option<string?> home = HomeOption();

    private readonly Option<string?> signingKey;

    /// <param name="aliases">Further names of <c>--signing-key</c>.</param>
    public SigningOptions(params string[] aliases) => signingKey = new("--signing-key", aliases)
    {
        Description = "fingerprint, key id or user id of the key to sign with (GATEWAYCTL_SIGNING_KEY)",
        HelpName = "KEY",
    };

    /// <summary><c>--home</c>.</summary>
    public static Option<string?> HomeOption() => new("--home") { Description = "gpg's home (GATEWAYCTL_HOME; else GNUPGHOME, ~/.gnupg)", HelpName = "DIR" };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(home);
        command.Add(signingKey);
    }

    /// <summary>Their values.</summary>
    public CtlSettings Of(ParseResult line) => new() { Home = line.GetValue(home), SigningKey = line.GetValue(signingKey) };
}
