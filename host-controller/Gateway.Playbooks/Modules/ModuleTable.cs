using System.Collections.Immutable;
using Gateway.Core.Yaml;

namespace Gateway.Playbooks.Modules;

/// <summary>Every module there is.</summary>
public static class ModuleTable
{
    /// <summary>All.</summary>
    public static ImmutableArray<TaskModule> All { get; } =
    [
        new AptModule(),
        new AptRepositoryModule(),
        new AssertModule(),
        new AuthorizedKeyModule(),
        new BlockModule(),
        new CommandModule(),
        new ContainerSupervisorModule(),
        new CopyModule(),
        new CronModule(),
        new Deb822Module(),
        new DebconfModule(),
        new DebugModule(),
        new DockerImageModule(),
        new DockerLoginModule(),
        new DpkgSelectionsModule(),
        new FailModule(),
        new FileModule(),
        new FindModule(),
        new GatewaySettingsModule(),
        new GetUrlModule(),
        new GroupModule(),
        new HostControllerModule(),
        new HostnameModule(),
        new IncludeRoleModule(),
        new IncludeTasksModule(),
        new IncludeVarsModule(),
        new KernelBlacklistModule(),
        new LineModule(),
        new LocaleGenModule(),
        new MetaModule(),
        new ModprobeModule(),
        new MountModule(),
        new PackageFactsModule(),
        new PauseModule(),
        new PingModule(),
        new RebootModule(),
        new ReplaceModule(),
        new ScriptModule(),
        new ServiceFactsModule(),
        new SetFactModule(),
        new SetupModule(),
        new ShellModule(),
        new SlurpModule(),
        new StatModule(),
        new SysctlModule(),
        new SystemdModule(),
        new TempfileModule(),
        new TemplateModule(),
        new TimezoneModule(),
        new UnarchiveModule(),
        new UriModule(),
        new UserModule(),
        new WaitForConnectionModule(),
        new WaitForModule(),
    ];

    private static readonly Dictionary<string, TaskModule> ByName = All
        .SelectMany(module => module.OtherNames.Add(module.Name).Select(name => (name, module)))
        .ToDictionary(pair => pair.name, pair => pair.module, StringComparer.Ordinal);

    /// <summary>The module with a short name, full name or alias; null when there is none.</summary>
    public static TaskModule? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>Every name a module goes by.</summary>
    public static IEnumerable<string> Names => ByName.Keys;

    /// <summary>Why a name is no module, with the nearest one.</summary>
    public static string Unknown(string name) => RefusedModules.Why(name) is { } advice
        ? $"module '{name}' is not supported: {advice}"
        : $"there is no module '{name}'{Nearest.Hint(name, ByName.Keys)}";
}
