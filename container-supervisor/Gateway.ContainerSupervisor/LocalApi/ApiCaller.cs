namespace Gateway.ContainerSupervisor.LocalApi;

/// <summary>Who asks: told by the socket the request came over, never by what it says.</summary>
/// <param name="Application">The application whose service's socket it is; null for the machine's own.</param>
/// <param name="Service">The service; null for the machine's own.</param>
internal sealed record ApiCaller(string? Application, string? Service)
{
    /// <summary>Root at the machine.</summary>
    public static ApiCaller Host { get; } = new(null, null);

    public bool IsHost => Application is null;

    /// <summary><c>&lt;application&gt;/&lt;service&gt;</c>: what its locks and its report go by.</summary>
    public string Name => $"{Application}/{Service}";
}
