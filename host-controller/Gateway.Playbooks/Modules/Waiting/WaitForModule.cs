using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>ansible.builtin.wait_for: waits until a port answers or not, a path is there or not, a text is in it; or only a time.</summary>
public sealed class WaitForModule() : TaskModule<WaitFor, string?>("wait_for", Options, "ansible.builtin.wait_for", "ansible.legacy.wait_for")
{
    private static readonly ModuleSchema Options = new(
    [
        new Option("host") { Default = "127.0.0.1" },
        new Option("port", OptionType.Integer),
        new Option("path", OptionType.Path),
        new Option("state") { Default = "started", Choices = ["absent", "drained", "present", "started", "stopped"], Refused = System.Collections.Immutable.ImmutableDictionary.CreateRange([new KeyValuePair<string, string>("drained", "wait for 'stopped'")]) },
        new Option("search_regex"),
        new Option("timeout", OptionType.Integer) { Default = 300L },
        new Option("connect_timeout", OptionType.Integer) { Default = 5L },
        new Option("delay", OptionType.Integer) { Default = 0L },
        new Option("sleep", OptionType.Integer) { Default = 1L },
        new Option("msg"),
    ])
    {
        Exclusive = [["path", "port"]],
        NotSupported = ["active_connection_states", "exclude_hosts"],
    };

    public override bool SupportsCheck => false;

    public override Result<WaitFor> Parse(OptionValues options, ModuleContext context)
    {
        var (port, path, state) = (options.Integer("port"), options.Text("path"), options.TextOf("state"));
        var problem = path is not null && state is "stopped" ? "state=stopped should only be used for checking a port in the wait_for module"
            : options.Text("search_regex") is { } pattern ? port is null && path is null ? "'search_regex' needs 'path' or 'port'" : ModuleRegex.Problem(pattern)
            : port is < 1 or > 65535 ? $"'port' must be from 1 to 65535, not {port}"
            : null;
        static TimeSpan Seconds(long? seconds) => TimeSpan.FromSeconds(Math.Clamp(seconds ?? 0, 0, 86_400));
        return problem is not null ? Refuse(context, problem) : new WaitFor(Seconds(options.Integer("timeout")))
        {
            Host = options.TextOf("host"),
            Port = (int?)port,
            Path = path,
            IsThere = state is "started" or "present",
            Pattern = options.Text("search_regex"),
            ConnectTimeout = Seconds(Math.Max(options.Integer("connect_timeout") ?? 5, 1)),
            Delay = Seconds(options.Integer("delay")),
            Pause = Seconds(Math.Max(options.Integer("sleep") ?? 1, 1)),
            State = state,
            Message = options.Text("msg"),
        };
    }

    public override Task<Result<string?>> ReadAsync(WaitFor arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation) =>
        Task.FromResult<Result<string?>>(arguments.Path is { } path ? Expansion.Of(path, reader, context) : (string?)null);

    public override TaskPlan Plan(WaitFor arguments, string? facts, ModuleContext context) => new([arguments with { Path = facts }], DictValue.Empty)
    {
        Report = outcomes => Report(arguments with { Path = facts }, outcomes[0]),
        PathInfo = arguments.IsThere ? facts : null,
    };

    private static DictValue Report(WaitFor wait, ChangeOutcome outcome)
    {
        // A timer may fire a little early: a wait of one second took one second.
        var elapsed = (long)((outcome.Ended - outcome.Started)?.TotalSeconds + 0.05 ?? 0);
        if (outcome.Error is not null)
        {
            var target = wait.Path is not null ? $"file {wait.Path}" : $"{wait.Host}:{wait.Port}";
            var what = !wait.IsThere ? wait.Path is null ? $"{target} to stop." : $"{wait.Path} to be absent."
                : wait.Pattern is { } pattern ? $"search string {pattern} in {(wait.Path is null ? target : wait.Path)}" : target;
            return Results.Of(("failed", true), ("changed", false), ("elapsed", elapsed), ("msg", wait.Message ?? $"Timeout when waiting for {what}"));
        }

        static Value OrNone(string? text) => text is null ? NullValue.None : text;
        return Results.Of(
            ("changed", false), ("state", wait.State), ("port", wait.Port is { } port ? (long)port : NullValue.None), ("path", OrNone(wait.Path)),
            ("search_regex", OrNone(wait.Pattern)), ("match_groups", Results.List(outcome.Groups)), ("match_groupdict", DictValue.Empty), ("elapsed", elapsed));
    }
}
