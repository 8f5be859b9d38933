using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>Files of packages that are to be installed.</summary>
/// <param name="Missing">Those whose version is not installed, by their paths.</param>
/// <param name="Unfetched">Addresses of those that are not here yet.</param>
internal sealed record AptDebs(ImmutableArray<string> Missing, ImmutableArray<string> Unfetched)
{
    /// <summary>apt's own folder of archives: what is fetched is cleaned away with its others.</summary>
    private const string Archives = "/var/cache/apt/archives";

    /// <summary>Looks each file up: one that was fetched, one that came with the playbook, else one of the machine.</summary>
    public static async Task<Result<AptDebs>> ReadAsync(ImmutableArray<string> debs, ModuleContext context, IHostReader reader, CancellationToken cancellation)
    {
        var missing = new List<string>();
        var unfetched = new List<string>();
        foreach (var deb in debs)
        {
            if (IsAddress(deb) && (context.Round == 0 || reader.Stat(FetchedPath(deb), follow: true) is null))
            {
                unfetched.Add(deb);
                continue;
            }

            var path = IsAddress(deb) ? reader.OnThisMachine(FetchedPath(deb)) : Path(deb, context, reader);
            var told = await reader.RunAsync("dpkg-deb", ["--show", "--showformat=${Package}\\t${Version}\\n", path], cancellation);
            var fields = told.StandardOutput.Trim().Split('\t');
            if (told.ExitCode != 0 || fields.Length != 2)
            {
                return Failure.At(Phase.Apply, context.At, $"Unable to install package: {(told.StandardError.Trim() is { Length: > 0 } why ? why : deb + " is no package")}");
            }

            var status = (await DpkgStatus.ReadAsync([fields[0]], reader, cancellation)).GetValueOrDefault(fields[0]);
            if (status?.Version is null || status.Version != fields[1])
            {
                missing.Add(path);
            }
        }

        return new AptDebs([.. missing], [.. unfetched]);
    }

    /// <summary>The plan that fetches what is not here, after which the task is planned again; null when all is here.</summary>
    public static TaskPlan? Fetch(AptArguments arguments, AptFacts facts, ModuleContext context)
    {
        if (facts.Unfetched.IsEmpty)
        {
            return null;
        }

        return new TaskPlan([.. facts.Unfetched.Select(url => new Download(new WebRequest(url) { Redirects = "all", Timeout = TimeSpan.FromMinutes(1) }, FetchedPath(url)))], DictValue.Empty)
        {
            PlanAgain = !context.Check,
            Report = outcomes => outcomes[^1].Error is null
                ? DictValue.Empty
                : Results.Of(("failed", true), ("msg", $"Failure downloading {facts.Unfetched[outcomes.Length - 1]}, {outcomes[^1].Answer?.Message ?? outcomes[^1].Error}")),
        };
    }

    private static bool IsAddress(string deb) => deb.Contains("://", StringComparison.Ordinal);

    private static string FetchedPath(string url) => $"{Archives}/fetched-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(url)))[..32]}.deb";

    private static string Path(string deb, ModuleContext context, IHostReader reader)
    {
        var name = Expansion.Of(deb, reader, context);
        return (name.StartsWith('/') ? null : reader.FindPlaybookPath(name, "packages") ?? reader.FindPlaybookPath(name, "files")) ?? reader.OnThisMachine(name);
    }
}
