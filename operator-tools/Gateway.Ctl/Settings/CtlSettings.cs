using Gateway.Ctl.Broker;

namespace Gateway.Ctl.Settings;

/// <summary>What an operator need not say each time; null where nothing says it.</summary>
internal sealed record CtlSettings
{
    /// <summary>The broker.</summary>
    public BrokerAddress? Broker { get; init; }

    /// <summary>PEM file of the authorities that may have signed the broker's certificate.</summary>
    public string? Ca { get; init; }

    /// <summary>PEM file of our certificate.</summary>
    public string? Cert { get; init; }

    /// <summary>PEM file of our certificate's private key.</summary>
    public string? Key { get; init; }

    /// <summary>gpg's home; null for gpg's own choice.</summary>
    public string? Home { get; init; }

    /// <summary>Fingerprint, key id or user id of the key to sign with; null for gpg's own choice.</summary>
    public string? SigningKey { get; init; }

    /// <summary>Folder or file of the keys whose signatures are accepted.</summary>
    public string? Trusted { get; init; }

    /// <summary>These settings, and the other's where these say nothing.</summary>
    public CtlSettings Or(CtlSettings other) => new()
    {
        Broker = Broker ?? other.Broker,
        Ca = Ca ?? other.Ca,
        Cert = Cert ?? other.Cert,
        Key = Key ?? other.Key,
        Home = Home ?? other.Home,
        SigningKey = SigningKey ?? other.SigningKey,
        Trusted = Trusted ?? other.Trusted,
    };
}
