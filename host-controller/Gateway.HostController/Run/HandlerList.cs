using Gateway.Playbooks.Parsing;

namespace Gateway.HostController.Run;

/// <summary>The handlers of a play, and which of them were notified and have not run.</summary>
internal sealed class HandlerList(Func<TaskItem, string> nameOf)
{
    private readonly List<TaskItem> handlers = [];
    private readonly HashSet<TaskItem> notified = new(ReferenceEqualityComparer.Instance);

    public void Begin(IEnumerable<TaskItem> ofPlay)
    {
        handlers.Clear();
        notified.Clear();
        handlers.AddRange(ofPlay);
    }

    /// <summary>Handlers that an included role brings along.</summary>
    public void Add(IEnumerable<TaskItem> more) => handlers.AddRange(more);

    /// <summary>Notes which handlers are to run; why not when there is none of a name, in Ansible's words.</summary>
    public string? Notify(IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            var named = Named(name);
            var listening = handlers.Where(handler => handler.Listen.Contains(name)).ToList();
            if (named is null && listening.Count == 0)
            {
                return $"The requested handler '{name}' was not found in either the main handlers list nor in the listening handlers list";
            }

            notified.UnionWith(named is null ? listening : listening.Append(named));
        }

        return null;
    }

    /// <summary>Takes those that are to run, in the order they are defined; what they notify before themselves waits for the next flush.</summary>
    public IEnumerable<TaskItem> Take()
    {
        for (var at = 0; at < handlers.Count; at++)
        {
            if (notified.Remove(handlers[at]))
            {
                yield return handlers[at];
            }
        }
    }

    /// <summary>The last that came: the play's own before those of its roles, those of imported and included roles before both.</summary>
    private TaskItem? Named(string name) => handlers
        .Where(handler => handler.Name is not null && (nameOf(handler) == name || (handler.Origin.Role is { } role && nameOf(handler) == $"{role.Name} : {name}")))
        .GroupBy(handler => handler.Origin.Role, ReferenceEqualityComparer.Instance)
        .OrderByDescending(group => handlers.IndexOf(group.First()))
        .FirstOrDefault()?.First();
}
