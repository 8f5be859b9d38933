using Gateway.Core.Yaml;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Parsing;

/// <summary>How a playbook is read.</summary>
/// <param name="RequireRelease">Whether the first play must carry <c>vars.release</c>; false for <c>--unsigned</c>.</param>
/// <param name="LocalFiles">
/// Whether tasks may use files beside the playbook (<c>copy: src=</c>). A lone signed playbook may not: what is not in
/// signed bytes is not used.
/// </param>
public sealed record ParseOptions(bool RequireRelease, bool LocalFiles)
{
    /// <summary>A signed playbook that stands alone.</summary>
    public static ParseOptions Signed { get; } = new(RequireRelease: true, LocalFiles: false);

    /// <summary>A playbook given by a person with root at the machine.</summary>
    public static ParseOptions Unsigned { get; } = new(RequireRelease: false, LocalFiles: true);

    /// <summary>Where included tasks, roles and variables are read from; null where there are none.</summary>
    public ISourceFolder? Files { get; init; }

    /// <summary>Variables known before anything runs, for the names of imported files.</summary>
    public DictValue ExtraVars { get; init; } = DictValue.Empty;
}
