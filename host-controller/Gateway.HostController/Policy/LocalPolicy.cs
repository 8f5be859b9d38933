using System.Collections.Immutable;

namespace Gateway.HostController.Policy;

/// <summary>What this gateway lets playbooks do, signed or not (<c>host-controller.yaml</c>); null allows all.</summary>
/// <param name="Modules"><c>allowed_modules</c>: short or full names.</param>
/// <param name="Paths"><c>allowed_paths</c>: files, folders with all below them, and patterns in which <c>*</c> stays within one name.</param>
/// <param name="Commands"><c>allowed_commands</c>: programs by name or path, and patterns of paths.</param>
internal sealed record LocalPolicy(ImmutableArray<string>? Modules, ImmutableArray<string>? Paths, ImmutableArray<string>? Commands)
{
    public static LocalPolicy AllowsAll { get; } = new(null, null, null);
}
