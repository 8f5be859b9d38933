namespace Gateway.ContainerSupervisor.Configuration;

/// <summary>The <c>mqtt</c> key.</summary>
/// <param name="Host">The broker.</param>
/// <param name="Port">8883 with TLS, else 1883, unless given.</param>
internal sealed record MqttSettings(string Host, int Port)
{
    public string? CaFile { get; init; }

    public string? CertificateFile { get; init; }

    public string? KeyFile { get; init; }

    public bool Tls { get; init; }

    public string? Username { get; init; }

    /// <summary>A file whose first line is the password.</summary>
    public string? PasswordFile { get; init; }

    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Null: <c>gateway-&lt;gateway_id&gt;</c>.</summary>
    public string? ClientId { get; init; }

    /// <summary>What topics of gateways begin with; ends with a slash.</summary>
    public string GatewayPrefix { get; init; } = "gateway/";

    /// <summary>What topics of groups begin with; ends with a slash.</summary>
    public string GroupPrefix { get; init; } = "group/";
}
