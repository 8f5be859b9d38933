using System.Text.Json.Nodes;

namespace Gateway.Core.Engine;

/// <summary>Body of <c>POST /networks/create</c>. What is null is left out.</summary>
public sealed record NetworkSpec
{
    public required string Name { get; init; }

    /// <summary>Whether an equal name is refused; always so from API 1.44 on, and never wanted otherwise.</summary>
    public bool CheckDuplicate { get; } = true;

    public string? Driver { get; init; }

    public bool? Internal { get; init; }

    public bool? Attachable { get; init; }

    public bool? EnableIPv6 { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    public IReadOnlyDictionary<string, string>? Options { get; init; }

    /// <summary>As the Engine takes it: <c>{"Driver":"default","Config":[{"Subnet":"10.1.0.0/24"}]}</c>.</summary>
    public JsonObject? IPAM { get; init; }
}
