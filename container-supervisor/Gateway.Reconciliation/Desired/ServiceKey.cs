using Gateway.Core.Yaml;

namespace Gateway.Reconciliation.Desired;

/// <summary>One key of a service: the table of these is the vocabulary, and the documentation's table is made from it.</summary>
/// <param name="Name">The key.</param>
/// <param name="Support">Whether it is read.</param>
/// <param name="Form">What may stand under it.</param>
/// <param name="Note">What a reader must know; empty when it is as in Compose.</param>
public sealed record ServiceKey(string Name, KeySupport Support, string Form, string Note)
{
    internal Func<Service, YamlNode, Reading, Service> Read { get; init; } = static (service, _, _) => service;
}

/// <summary>What becomes of a key.</summary>
public enum KeySupport
{
    /// <summary>Read and applied.</summary>
    Applied,

    /// <summary>Read, without effect, with a warning.</summary>
    Ignored,

    /// <summary>Refused with an error.</summary>
    Refused,
}
