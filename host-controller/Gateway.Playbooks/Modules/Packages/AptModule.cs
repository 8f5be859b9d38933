using Gateway.Core.Reports;

namespace Gateway.Playbooks.Modules;

/// <summary>
/// ansible.builtin.apt: Debian packages. Unlike Ansible it never lets an installation remove packages unless the task says
/// <c>autoremove</c>, keeps changed configuration files, and fetches lists only when something is to be installed.
/// </summary>
public sealed class AptModule() : TaskModule<AptArguments, AptFacts>("apt", AptOptions.Schema, "ansible.builtin.apt", "ansible.legacy.apt")
{
    public override Result<AptArguments> Parse(OptionValues options, ModuleContext context)
    {
        var names = options.Texts("name").Select(name => name.Trim()).Where(name => name.Length > 0).ToList();
        var state = options.TextOf("state");
        if (names.FirstOrDefault(name => name.Count(c => c == '=') > 1) is { } wrong)
        {
            return Refuse(context, $"invalid package spec: {wrong}");
        }

        if (options.Has("deb") && state != "present")
        {
            return Refuse(context, "deb only supports state=present");
        }

        // All packages: what is newer than what is installed.
        var all = names.Remove("*");
        if (all && state == "latest" && names.Count > 0)
        {
            return Refuse(context, "unable to install additional packages when upgrading all installed packages");
        }

        if (names.Find(name => name.StartsWith('-')) is { } refused)
        {
            return Refuse(context, $"'{refused}' is no package name");
        }

        return new AptArguments([.. names.Select(PackageSpec.Parse)], state)
        {
            Debs = options.Text("deb") is { } debs ? [.. debs.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)] : [],
            Upgrade = options.TextOf("upgrade") is var upgrade && upgrade != "no" ? upgrade : all && state == "latest" ? "yes" : null,
            UpdateCache = options.Is("update_cache") || options.Integer("cache_valid_time") > 0,
            CacheValid = TimeSpan.FromSeconds(Math.Clamp(options.Integer("cache_valid_time") ?? 0, 0, 31_536_000)),
            UpdateAttempts = (int)Math.Clamp(options.Integer("update_cache_retries") ?? 5, 1, 100),
            UpdateDelay = TimeSpan.FromSeconds(Math.Clamp(options.Integer("update_cache_retry_max_delay") ?? 12, 0, 3600)),
            Purge = options.Is("purge"),
            Autoremove = options.Is("autoremove"),
            FailOnAutoremove = options.Is("fail_on_autoremove"),
            Clean = options.Is("clean"),
            Autoclean = options.Is("autoclean"),
            DpkgOptions = [.. options.TextOf("dpkg_options").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)],
            OnlyUpgrade = options.Is("only_upgrade"),
            LockTimeout = TimeSpan.FromSeconds(Math.Clamp(options.Integer("lock_timeout") ?? 60, 0, 86_400)),
            Options = AptOptions.PassedOn(options),
        };
    }

    public override async Task<Result<AptFacts>> ReadAsync(AptArguments arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation) =>
        await AptReader.ReadAsync(arguments, context, reader, cancellation);

    public override TaskPlan Plan(AptArguments arguments, AptFacts facts, ModuleContext context) => AptPlans.Plan(arguments, facts, context);
}
