namespace Gateway.IntegrationTests.Fixtures;

/// <summary>A request the server got, and what it answered; 0 if it did not answer.</summary>
public sealed record HttpSeen(string Method, string Path, IReadOnlyDictionary<string, string> Headers, int Status)
{
    /// <summary>A header's value, or null.</summary>
    public string? Header(string name) => Headers.GetValueOrDefault(name);
}
