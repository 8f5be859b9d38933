namespace Gateway.Playbooks.Parsing;

/// <summary>Where files of tasks are looked for.</summary>
internal static class TaskFiles
{
    /// <summary>Beside the file that asks, in the role, beside the playbook.</summary>
    public static IEnumerable<string> Candidates(Origin origin, string name, bool isHandler)
    {
        yield return PlaybookPath.Combine(origin.Folder, name);
        if (origin.Role is { } role)
        {
            yield return PlaybookPath.Combine($"{role.Folder}/{(isHandler ? "handlers" : "tasks")}", name);
            yield return PlaybookPath.Combine($"{role.Folder}/tasks", name);
            yield return PlaybookPath.Combine(role.Folder, name);
        }

        yield return PlaybookPath.Combine(origin.Base, name);
    }
}
