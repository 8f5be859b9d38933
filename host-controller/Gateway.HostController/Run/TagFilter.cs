using System.Collections.Immutable;

namespace Gateway.HostController.Run;

/// <summary>Which tasks <c>--tags</c> and <c>--skip-tags</c> leave (ansible/playbook/taggable.py).</summary>
internal sealed class TagFilter(ImmutableArray<string> only, ImmutableArray<string> skip)
{
    private static readonly ImmutableArray<string> Untagged = ["untagged"];
    private readonly ImmutableArray<string> only = only.IsDefaultOrEmpty ? ["all"] : only;
    private readonly ImmutableArray<string> skip = skip.IsDefault ? [] : skip;

    public bool Admits(ImmutableArray<string> written)
    {
        var tags = written.IsEmpty ? Untagged : written;
        var isTagged = !written.IsEmpty;
        var runs = tags.Contains("always")
            || (only.Contains("all") && !tags.Contains("never"))
            || tags.Any(only.Contains)
            || (only.Contains("tagged") && isTagged && !tags.Contains("never"));
        if (!runs || skip.IsEmpty)
        {
            return runs;
        }

        return skip.Contains("all")
            ? tags.Contains("always") && !skip.Contains("always")
            : !tags.Any(skip.Contains) && !(skip.Contains("tagged") && isTagged);
    }
}
