using System.Collections.Immutable;

namespace Gateway.HostController.Configuration;

/// <summary>How the container supervisor is run, where it differs from the built-in way.</summary>
/// <param name="Name">Name of its container.</param>
/// <param name="Network">Docker network mode; <c>host</c>, so that a broken bridge cannot cut the supervisor off.</param>
/// <param name="Mounts">Further bind mounts <c>source:target[:ro]</c>; one with a built-in mount's target replaces that one.</param>
/// <param name="Environment">Further environment variables.</param>
internal sealed record SupervisorSettings(
    string Name,
    string Network,
    ImmutableArray<string> Mounts,
    ImmutableSortedDictionary<string, string> Environment)
{
    public static SupervisorSettings Default { get; } =
        new("container-supervisor", "host", [], ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal));
}
