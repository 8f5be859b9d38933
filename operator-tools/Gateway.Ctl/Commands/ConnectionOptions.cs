using System.CommandLine;
using Gateway.Ctl.Broker;
using Gateway.Ctl.Settings;

namespace Gateway.Ctl.Commands;

/// <summary>Options of the commands that talk to the broker.</summary>
internal sealed class ConnectionOptions
{
    private readonly Option<BrokerAddress?> broker = new("--broker")
    {
        Description = "the MQTT broker (GATEWAYCTL_BROKER); port 8883, which means TLS, unless given",
        HelpName = "HOST:PORT",
        CustomParser = result =>
        {
            var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
            if (!BrokerAddress.TryParse(text, out var address))
            {
                result.AddError(SettingsReader.NotAnAddress(text));
            }

            return address;
        },
    };

    private readonly Option<string?> ca = new("--ca") { Description = "authorities of the broker's certificate, PEM (GATEWAYCTL_CA)", HelpName = "FILE" };
    private readonly Option<string?> cert = new("--cert") { Description = "own certificate, PEM (GATEWAYCTL_CERT)", HelpName = "FILE" };
    private readonly Option<string?> key = new("--key") { Description = "its private key, PEM (GATEWAYCTL_KEY)", HelpName = "FILE" };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(broker);
        command.Add(ca);
        command.Add(cert);
        command.Add(key);
    }

    /// <summary>Their values.</summary>
    public CtlSettings Of(ParseResult line) => new()
    {
        Broker = line.GetValue(broker),
        Ca = line.GetValue(ca),
        Cert = line.GetValue(cert),
        Key = line.GetValue(key),
    };
}
