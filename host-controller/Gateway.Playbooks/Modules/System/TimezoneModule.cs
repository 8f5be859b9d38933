using System.Text;
using Gateway.Core.Reports;

namespace Gateway.Playbooks.Modules;

/// <summary>The time zone as the machine has it.</summary>
/// <param name="Zone">What <c>/etc/localtime</c> points to below the folder of zones; empty for none.</param>
/// <param name="Named">What <c>/etc/timezone</c> says.</param>
/// <param name="IsKnown">Whether there is such a zone as is asked for.</param>
public sealed record TimezoneFacts(string Zone, string Named, bool IsKnown);

/// <summary>community.general.timezone: the time zone.</summary>
public sealed class TimezoneModule() : TaskModule<string, TimezoneFacts>("timezone", Options, "community.general.timezone")
{
    private const string Zones = "/usr/share/zoneinfo/";

    private static readonly ModuleSchema Options = new([new Option("name") { Required = true }]) { NotSupported = ["hwclock", "rtc"] };

    public override Result<string> Parse(OptionValues options, ModuleContext context)
    {
        var name = options.TextOf("name");
        return name.Length == 0 || name.StartsWith('/') || name.Split('/').Contains("..") ? Refuse(context, $"'{name}' is no time zone") : name;
    }

    public override Task<Result<TimezoneFacts>> ReadAsync(string arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation)
    {
        var target = reader.Stat("/etc/localtime", follow: false)?.LinkTarget ?? "";
        var at = target.IndexOf("zoneinfo/", StringComparison.Ordinal);
        var named = reader.ReadFile("/etc/timezone", 4096).TryGet(out var content, out _) ? Encoding.UTF8.GetString(content.Span).Trim() : "";
        return Task.FromResult<Result<TimezoneFacts>>(new TimezoneFacts(
            at < 0 ? "" : target[(at + "zoneinfo/".Length)..], named, reader.Machine.Stat(Zones + arguments, follow: true) is { Kind: FileKind.File }));
    }

    public override TaskPlan Plan(string arguments, TimezoneFacts facts, ModuleContext context)
    {
        if (!facts.IsKnown)
        {
            return TaskPlan.Failure($"given timezone \"{arguments}\" is not available");
        }

        var changes = new List<Change>();
        if (facts.Zone != arguments)
        {
            changes.Add(new CreateLink("/etc/localtime", Zones + arguments));
        }

        if (facts.Named != arguments)
        {
            changes.Add(new WriteFile("/etc/timezone", Encoding.UTF8.GetBytes(arguments + "\n")) { Mode = 0x1A4, Uid = 0, Gid = 0 });
        }

        var diff = Results.Diff(Results.Of(("name", facts.Zone.Length > 0 ? facts.Zone : facts.Named)), Results.Of(("name", arguments)));
        return new TaskPlan([.. changes], Results.Of(("diff", diff)));
    }
}
