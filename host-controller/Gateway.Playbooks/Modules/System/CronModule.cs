using System.Collections.Immutable;
using Gateway.Core.Reports;

namespace Gateway.Playbooks.Modules;

/// <summary>What a <c>cron</c> task asks for.</summary>
/// <param name="Name">The job's name, or the variable's.</param>
/// <param name="Line">The line of the job or variable, without a user; null to remove it.</param>
public sealed record CronArguments(string Name, string? Line)
{
    public bool IsVariable { get; init; }

    public string? User { get; init; }

    /// <summary>A file of <c>/etc/cron.d</c>, or a path; null for the user's table.</summary>
    public string? File { get; init; }

    public string? InsertAfter { get; init; }

    public string? InsertBefore { get; init; }

    public bool Backup { get; init; }
}

/// <summary>What a <c>cron</c> task depends on.</summary>
/// <param name="Path">The file; null for the user's table, which crontab(1) keeps.</param>
/// <param name="Text">The table, without the lines crontab(1) puts on top.</param>
/// <param name="State">What the file is; null for nothing.</param>
public sealed record CronFacts(string? Path, string Text, FileState? State);

/// <summary>ansible.builtin.cron: jobs at times.</summary>
public sealed class CronModule() : TaskModule<CronArguments, CronFacts>("cron", Options, "ansible.builtin.cron", "ansible.legacy.cron")
{
    private const long Largest = 1024 * 1024;
    private static readonly ImmutableArray<string> Times = ["minute", "hour", "day", "month", "weekday"];

    private static readonly ModuleSchema Options = new(
    [
        new Option("name") { Required = true },
        new Option("job") { Aliases = ["value"] },
        new Option("state") { Default = "present", Choices = ["absent", "present"] },
        new Option("user"),
        new Option("cron_file", OptionType.Path),
        new Option("minute") { Default = "*" },
        new Option("hour") { Default = "*" },
        new Option("day") { Default = "*", Aliases = ["dom"] },
        new Option("month") { Default = "*" },
        new Option("weekday") { Default = "*", Aliases = ["dow"] },
        new Option("special_time") { Choices = ["annually", "daily", "hourly", "monthly", "reboot", "weekly", "yearly"] },
        new Option("disabled", OptionType.Boolean) { Default = false },
        new Option("env", OptionType.Boolean) { Default = false },
        new Option("insertafter"),
        new Option("insertbefore"),
        new Option("backup", OptionType.Boolean) { Default = false },
    ])
    {
        Exclusive = [["insertafter", "insertbefore"]],
    };

    public override Result<CronArguments> Parse(OptionValues options, ModuleContext context)
    {
        var (name, job, present) = (options.TextOf("name"), options.Text("job"), options.TextOf("state") == "present");
        var (user, file, isVariable) = (options.Text("user"), options.Text("cron_file"), options.Is("env"));
        var times = Times.Select(options.TextOf).ToList();
        var special = options.Text("special_time");
        var problem = new[] { name, job ?? "", user ?? "" }.Concat(times).Any(text => text.Contains('\n', StringComparison.Ordinal)) ? "a line of a cron table holds no line break"
            : file is not null && user is null && present && !isVariable ? "To use cron_file=... parameter you must specify user=... as well"
            : present && job is null ? "You must specify 'job' to install a new cron job or variable"
            : special is not null && times.Any(time => time != "*") ? "You must specify time and date fields or special time."
            : special == "reboot" && isVariable ? "'special_time' is for jobs"
            : user?.StartsWith('-') == true ? $"'{user}' is no user"
            : null;
        if (problem is not null)
        {
            return Refuse(context, problem);
        }

        var at = special is null ? string.Join(' ', times) : "@" + special;
        var line = !present ? null
            : isVariable ? $"{name}=\"{job}\""
            : $"{(options.Is("disabled") ? "#" : "")}{at}{(file is null ? "" : " " + user)} {job}";
        return new CronArguments(name, line)
        {
            IsVariable = isVariable,
            User = user,
            File = file,
            InsertAfter = options.Text("insertafter"),
            InsertBefore = options.Text("insertbefore"),
            Backup = options.Is("backup"),
        };
    }

    public override async Task<Result<CronFacts>> ReadAsync(CronArguments arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation)
    {
        if (arguments.File is { } file)
        {
            var path = file.StartsWith('/') ? file : "/etc/cron.d/" + file;
            var state = reader.Stat(path, follow: true);
            return state is not { Kind: FileKind.File }
                ? new CronFacts(path, "", state)
                : reader.ReadFile(path, Largest).Then<CronFacts>(content => new CronFacts(path, ByteText.Of(content), state));
        }

        var table = await reader.RunAsync("crontab", ["-l", .. User(arguments)], cancellation);
        return table.ExitCode is 0 or 1
            ? new CronFacts(null, ByteText.Of(table.StandardOutput), null)
            : new Failure(Phase.Observe, "crontab", table.ExitCode == 127 ? "Failed to find required executable \"crontab\": install the package cron" : table.StandardError.Trim());
    }

    public override TaskPlan Plan(CronArguments arguments, CronFacts facts, ModuleContext context)
    {
        var lines = ByteText.Lines(facts.Text).Select(line => line.TrimEnd('\n')).ToList();
        if ((arguments.IsVariable ? CronTable.SetVariable(lines, arguments) : CronTable.SetJob(lines, arguments)) is { } problem)
        {
            return TaskPlan.Failure(problem);
        }

        var text = string.Concat(lines.Select(line => line + "\n"));
        var result = Results.Of(("jobs", Results.List(CronTable.Jobs(lines))), ("envs", Results.List(CronTable.Variables(lines))));
        result = arguments.File is { } file ? result.With("cron_file", file) : result;
        if (text == facts.Text || (lines.Count == 0 && facts.Text.Length == 0))
        {
            return TaskPlan.Nothing(result);
        }

        result = context.Diff ? result.With("diff", Results.Diff(ByteText.Shown(facts.Text), ByteText.Shown(text))) : result;
        if (facts.Path is { } path && lines.Count == 0 && arguments is { Line: null, IsVariable: false })
        {
            // The last job takes its file with it.
            return new TaskPlan([new RemovePath(path)], Results.Of(("cron_file", arguments.File!), ("state", "absent")));
        }

        return new TaskPlan([Write(arguments, facts, text)], result)
        {
            Report = outcomes => outcomes[0] is { Error: not null } failed ? Results.Of(("failed", true), ("msg", failed.StandardError.Length > 0 ? failed.StandardError : failed.Error))
                : outcomes[0].BackupFile is { } backup ? result.With("backup_file", backup) : result,
        };
    }

    private static Change Write(CronArguments arguments, CronFacts facts, string text) => facts.Path is { } path
        ? new WriteFile(path, ByteText.Bytes(text)) { Mode = facts.State?.Mode ?? 0x1A4, Uid = facts.State?.Uid ?? 0, Gid = facts.State?.Gid ?? 0, Backup = arguments.Backup }
        : new RunProcess("crontab", [.. User(arguments), "-"]) { StandardInput = ByteText.Bytes(text) };

    private static ImmutableArray<string> User(CronArguments arguments) => arguments.User is { } user ? ["-u", user] : [];
}
