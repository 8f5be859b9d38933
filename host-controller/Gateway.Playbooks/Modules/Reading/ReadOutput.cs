using System.Collections.Immutable;

namespace Gateway.Playbooks.Modules;

/// <summary>What a program that only reads said.</summary>
public sealed record ReadOutput(int ExitCode, string StandardOutput, string StandardError);

/// <summary>An image the engine has.</summary>
/// <param name="Id">Its config digest, <c>sha256:…</c>.</param>
/// <param name="Tags">Names with tags.</param>
/// <param name="Digests">Names with registry digests; none for images that were loaded.</param>
public sealed record ImageState(string Id, ImmutableArray<string> Tags, ImmutableArray<string> Digests);

/// <summary>The supervisor's container as the engine has it.</summary>
/// <param name="Image">The reference it was made from.</param>
/// <param name="IsCurrent">Whether image and configuration are those asked for.</param>
/// <param name="Running">Whether it runs.</param>
/// <param name="Health"><c>healthy</c>, <c>unhealthy</c>, <c>starting</c>, or <c>none</c>.</param>
public sealed record SupervisorState(string Image, bool IsCurrent, bool Running, string Health);
