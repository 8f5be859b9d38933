namespace Gateway.Core.Engine;

/// <summary>Body of <c>POST /volumes/create</c>. What is null is left out.</summary>
public sealed record VolumeSpec
{
    public required string Name { get; init; }

    public string? Driver { get; init; }

    public IReadOnlyDictionary<string, string>? DriverOpts { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }
}
