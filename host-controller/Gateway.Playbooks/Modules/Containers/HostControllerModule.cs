using System.Text;
using Gateway.Core.Reports;

namespace Gateway.Playbooks.Modules;

/// <summary>What a <c>host_controller</c> task asks for.</summary>
/// <param name="Version">The version of our own package, as Debian writes it.</param>
public sealed record HostControllerArguments(string Version);

/// <summary>What is known about our own package.</summary>
/// <param name="Installed">Its version; empty when it was not installed as a package.</param>
/// <param name="Failed">Why the version asked for did not stay when it was tried; null when nothing is known against it.</param>
public sealed record HostControllerState(string Installed, string? Failed);

/// <summary>host_controller, ours: the host controller itself in a version, from apt's signed repositories; or the one before, when that does not prove itself.</summary>
public sealed class HostControllerModule() : TaskModule<HostControllerArguments, HostControllerState>("host_controller", Options, "gateway.host.host_controller")
{
    private const string Package = "gateway-host-controller";
    private const string FailedVersions = "/var/lib/gateway/host-controller/self-update/failed";
    private const int LargestFile = 256 * 1024;
    private static readonly ModuleSchema Options = new([new Option("version") { Required = true }]);

    public override Result<HostControllerArguments> Parse(OptionValues options, ModuleContext context)
    {
        var version = options.TextOf("version");
        return version.Length is > 0 and <= 100 && char.IsAsciiDigit(version[0]) && version.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '+' or '~' or '-' or ':')
            ? new HostControllerArguments(version)
            : Refuse(context, $"'{version}' is no version of a package, like 1.2.0");
    }

    public override async Task<Result<HostControllerState>> ReadAsync(HostControllerArguments arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation)
    {
        var shown = await reader.Machine.RunAsync("dpkg-query", ["--show", "--showformat=${db:Status-Abbrev} ${Version}", Package], cancellation);
        var installed = shown.ExitCode == 0 && shown.StandardOutput.Split(' ', StringSplitOptions.RemoveEmptyEntries) is ["ii" or "hi", var version] ? version : "";
        var failed = reader.Machine.ReadFile(FailedVersions, LargestFile);
        return new HostControllerState(installed, failed.IsSuccess ? Reason(Encoding.UTF8.GetString(failed.Value.Span), arguments.Version) : null);
    }

    public override TaskPlan Plan(HostControllerArguments arguments, HostControllerState facts, ModuleContext context)
    {
        var result = Results.Of(("version", arguments.Version), ("installed", facts.Installed));
        if (facts.Installed == arguments.Version)
        {
            return TaskPlan.Nothing(result);
        }

        if (facts.Failed is { } reason)
        {
            return TaskPlan.Failure($"version {arguments.Version} failed on this gateway before and is not tried again; publish another one: {reason}");
        }

        var diff = Results.Diff($"{Package}: {facts.Installed}\n", $"{Package}: {arguments.Version}\n");
        return new TaskPlan([new UpgradeSelf(arguments.Version)], result.With("diff", diff))
        {
            Report = outcomes => outcomes[^1].Error is not null ? Results.Failed(outcomes[^1]) : result.With("diff", diff).With("msg", outcomes[^1].Note ?? ""),
        };
    }

    /// <summary>Lines of version, time and reason, separated by tabs; the last one about a version counts.</summary>
    internal static string? Reason(string failed, string version) =>
        failed.Split('\n').Select(line => line.Split('\t', 3)).LastOrDefault(parts => parts.Length == 3 && parts[0] == version) is [_, var at, var reason] ? $"{reason} ({at})" : null;
}
