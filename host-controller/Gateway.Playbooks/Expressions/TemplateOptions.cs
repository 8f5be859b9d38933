namespace Gateway.Playbooks.Expressions;

/// <summary>How a text is read as a template; the defaults are those of Ansible for playbooks.</summary>
/// <param name="TrimBlocks">Whether the line break after a block tag is removed.</param>
/// <param name="LstripBlocks">Whether white space before a block tag at the start of a line is removed.</param>
/// <param name="KeepTrailingNewline">Whether the line break at the end of the text is kept.</param>
/// <param name="EscapeBackslashes">Whether backslashes in string literals inside <c>{{ }}</c> stand for themselves, as in playbooks (not in files).</param>
/// <param name="AlwaysText">Whether the result is a text whatever it looks like, as for files.</param>
public sealed record TemplateOptions(
    bool TrimBlocks = true, bool LstripBlocks = false, bool KeepTrailingNewline = true, bool EscapeBackslashes = true, bool AlwaysText = false)
{
    /// <summary>As playbooks are rendered.</summary>
    public static TemplateOptions Playbook { get; } = new();

    /// <summary>As the <c>template</c> module renders a file.</summary>
    public static TemplateOptions File { get; } = new(EscapeBackslashes: false, AlwaysText: true);

    public string VariableStart { get; init; } = "{{";

    public string VariableEnd { get; init; } = "}}";

    public string BlockStart { get; init; } = "{%";

    public string BlockEnd { get; init; } = "%}";

    public string CommentStart { get; init; } = "{#";

    public string CommentEnd { get; init; } = "#}";
}
