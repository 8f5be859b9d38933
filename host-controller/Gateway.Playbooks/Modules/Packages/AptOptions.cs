using System.Collections.Immutable;

namespace Gateway.Playbooks.Modules;

/// <summary>The options of <c>apt</c>.</summary>
internal static class AptOptions
{
    public static ModuleSchema Schema { get; } = new(
    [
        new Option("name", OptionType.Texts) { Aliases = ["package", "pkg"] },
        new Option("state")
        {
            Default = "present",
            Choices = ["absent", "latest", "present"],
            Refused = ImmutableDictionary.CreateRange(
            [
                new KeyValuePair<string, string>("build-dep", "gateways build nothing"),
                new KeyValuePair<string, string>("fixed", "the host controller repairs dpkg and apt by itself"),
            ]),
        },
        new Option("update_cache", OptionType.Boolean) { Aliases = ["update-cache"] },
        new Option("update_cache_retries", OptionType.Integer) { Default = 5L },
        new Option("update_cache_retry_max_delay", OptionType.Integer) { Default = 12L },
        new Option("cache_valid_time", OptionType.Integer) { Default = 0L },
        new Option("purge", OptionType.Boolean) { Default = false },
        new Option("autoremove", OptionType.Boolean) { Default = false },
        new Option("default_release") { Aliases = ["default-release"] },
        new Option("install_recommends", OptionType.Boolean) { Aliases = ["install-recommends"] },
        new Option("upgrade") { Default = "no", Choices = ["dist", "full", "no", "safe", "yes"] },
        new Option("deb", OptionType.Path),
        new Option("only_upgrade", OptionType.Boolean) { Default = false },
        new Option("fail_on_autoremove", OptionType.Boolean) { Default = false },
        new Option("allow_downgrade", OptionType.Boolean) { Default = false, Aliases = ["allow-downgrade", "allow_downgrades", "allow-downgrades"] },
        new Option("allow_change_held_packages", OptionType.Boolean) { Default = false },
        new Option("lock_timeout", OptionType.Integer) { Default = 60L },
        new Option("force_apt_get", OptionType.Boolean) { Default = false },
        new Option("autoclean", OptionType.Boolean) { Default = false },
        new Option("clean", OptionType.Boolean) { Default = false },
        new Option("dpkg_options") { Default = string.Join(',', RunApt.UsualDpkgOptions) },
        new Option("force", OptionType.Boolean) { Default = false, Refused = Never("it would install what nobody signed: say allow_downgrade or allow_change_held_packages") },
        new Option("allow_unauthenticated", OptionType.Boolean) { Default = false, Aliases = ["allow-unauthenticated"], Refused = Never("packages come from signed repositories, or in the signed bundle") },
    ])
    {
        Exclusive = [["deb", "name", "upgrade"]],
        OneOf = [["autoremove", "deb", "name", "update_cache", "upgrade", "cache_valid_time", "autoclean", "clean"]],
        NotSupported = ["policy_rc_d"],
    };

    private static ImmutableDictionary<string, string> Never(string reason) => ImmutableDictionary<string, string>.Empty.Add("yes", reason);

    /// <summary>What goes to apt-get as it is.</summary>
    public static ImmutableArray<string> PassedOn(OptionValues options)
    {
        var passed = new List<string>();
        if (options.Text("default_release") is { } release)
        {
            passed.AddRange(["-t", release]);
        }

        if (options.Maybe("install_recommends") is { } recommends)
        {
            passed.AddRange(["-o", $"APT::Install-Recommends={(recommends ? "yes" : "no")}"]);
        }

        if (options.Is("allow_downgrade"))
        {
            passed.Add("--allow-downgrades");
        }

        if (options.Is("allow_change_held_packages"))
        {
            passed.Add("--allow-change-held-packages");
        }

        return [.. passed];
    }
}
