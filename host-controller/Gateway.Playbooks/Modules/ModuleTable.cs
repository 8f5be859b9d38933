using System.Collections.Immutable;
using Gateway.Core.Yaml;

namespace Gateway.Playbooks.Modules;

/// <summary>Every module there is.</summary>
public static class ModuleTable
{
    /// <summary>All, by name.</summary>
    public static ImmutableArray<TaskModule> All { get; } =
    [
        new AptModule(),
        new AssertModule(),
        new AuthorizedKeyModule(),
        new BlockModule(),
        new CommandModule(),
        new ContainerSupervisorModule(),
        new CopyModule(),
        new DebugModule(),
        new DockerImageModule(),
        new FailModule(),
        new FileModule(),
        new HostControllerModule(),
        new IncludeRoleModule(),
        new IncludeTasksModule(),
        new IncludeVarsModule(),
        new FindModule(),
        new GetUrlModule(),
        new GroupModule(),
        new LineModule(),
        new MetaModule(),
        new PingModule(),
        new ReplaceModule(),
        new ScriptModule(),
        new SetFactModule(),
        new SetupModule(),
        new ShellModule(),
        new SlurpModule(),
        new StatModule(),
        new SystemdModule(),
        new TempfileModule(),
        new TemplateModule(),
        new UnarchiveModule(),
        new UriModule(),
        new UserModule(),
    ];

    private static readonly Dictionary<string, TaskModule> ByName = All
        .SelectMany(module => module.OtherNames.Add(module.Name).Select(name => (name, module)))
        .ToDictionary(pair => pair.name, pair => pair.module, StringComparer.Ordinal);

    /// <summary>The module with a short name, full name or alias; null when there is none.</summary>
    public static TaskModule? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>Every name a module goes by.</summary>
    public static IEnumerable<string> Names => ByName.Keys;

    /// <summary>Why a name is no module, with the nearest one.</summary>
    public static string Unknown(string name) => $"there is no module '{name}'{Nearest.Hint(name, ByName.Keys)}";
}
