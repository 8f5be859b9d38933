using System.Collections.Immutable;
using Gateway.Core.Releases;

namespace Gateway.HostController.Configuration;

/// <summary>A playbook to fetch: its stream and where it is.</summary>
/// <param name="Stream"><c>playbook</c>, or <c>playbook:&lt;group&gt;</c> for a URL made by <c>{group}</c>.</param>
/// <param name="Document">http, https or file.</param>
internal sealed record PlaybookAddress(string Stream, Uri Document)
{
    /// <summary>The document's URL plus <c>.asc</c>.</summary>
    public Uri Signature => new(Document.AbsoluteUri + ".asc");
}

/// <summary><c>playbook_url</c>: a URL with <c>{gateway_id}</c> and <c>{group}</c>.</summary>
internal sealed record PlaybookUrl
{
    private const string GatewayId = "{gateway_id}";
    private const string Group = "{group}";

    private PlaybookUrl(string template) => Template = template;

    /// <summary>As configured.</summary>
    public string Template { get; }

    /// <summary>The URL template, or null and what is wrong with it.</summary>
    public static PlaybookUrl? Parse(string template, ImmutableArray<string> groups, out string problem)
    {
        problem = Problem(template, groups);
        return problem.Length == 0 ? new PlaybookUrl(template) : null;
    }

    /// <summary>One address, or with <c>{group}</c> one for each group, most important first.</summary>
    public ImmutableArray<PlaybookAddress> For(GatewayIdentity gateway)
    {
        var own = Template.Replace(GatewayId, Uri.EscapeDataString(gateway.Id), StringComparison.Ordinal);
        return own.Contains(Group, StringComparison.Ordinal)
            ? [.. gateway.Groups.Select(group => new PlaybookAddress($"playbook:{group}", new Uri(own.Replace(Group, Uri.EscapeDataString(group), StringComparison.Ordinal))))]
            : [new PlaybookAddress("playbook", new Uri(own))];
    }

    private static string Problem(string template, ImmutableArray<string> groups)
    {
        var filled = template.Replace(GatewayId, "id", StringComparison.Ordinal).Replace(Group, "group", StringComparison.Ordinal);
        if (filled.AsSpan().IndexOfAny('{', '}') >= 0)
        {
            return "'playbook_url' knows {gateway_id} and {group} only";
        }

        if (!Uri.TryCreate(filled, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https" or "file"))
        {
            return "'playbook_url' must be an http, https or file URL, like https://example.com/{gateway_id}.yml";
        }

        if (url.UserInfo.Length > 0 || url.Fragment.Length > 0)
        {
            return "'playbook_url' must have no user, password or #fragment";
        }

        return template.Contains(Group, StringComparison.Ordinal) && groups.IsEmpty
            ? "'playbook_url' contains {group}, but 'groups' names none: name a group, or use {gateway_id}"
            : "";
    }
}
