using System.Globalization;
using Gateway.Core.Reports;

namespace Gateway.Playbooks.Modules;

/// <summary>ansible.builtin.pause: waits a time. Nobody is there to press a key.</summary>
public sealed class PauseModule() : TaskModule<WaitFor, Nothing>("pause", Options, "ansible.builtin.pause", "ansible.legacy.pause")
{
    private static readonly ModuleSchema Options = new([new Option("seconds", OptionType.Integer), new Option("minutes", OptionType.Integer), new Option("echo", OptionType.Boolean) { Default = true }])
    {
        Exclusive = [["seconds", "minutes"]],
        OneOf = [["seconds", "minutes"]],
        NotSupported = ["prompt"],
    };

    public override Result<WaitFor> Parse(OptionValues options, ModuleContext context) =>
        new WaitFor(TimeSpan.FromSeconds(Math.Clamp(options.Integer("seconds") ?? (options.Integer("minutes") ?? 0) * 60, options.Has("seconds") || options.Has("minutes") ? 1 : 0, 86_400))) { State = options.Has("minutes") ? "minutes" : "seconds" };

    public override Task<Result<Nothing>> ReadAsync(WaitFor arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation) => Task.FromResult<Result<Nothing>>(default(Nothing));

    public override TaskPlan Plan(WaitFor arguments, Nothing facts, ModuleContext context) => new([arguments], Results.Of(("changed", false)))
    {
        Report = outcomes =>
        {
            var took = outcomes[0].Ended - outcomes[0].Started ?? TimeSpan.Zero;
            var amount = arguments.State == "minutes" ? took.TotalMinutes : took.TotalSeconds;
            return Results.Of(
                ("changed", false), ("rc", 0L), ("stderr", ""), ("delta", (long)took.TotalSeconds), ("start", Time(outcomes[0].Started)), ("stop", Time(outcomes[0].Ended)), ("echo", true), ("user_input", ""),
                ("stdout", string.Create(CultureInfo.InvariantCulture, $"Paused for {Math.Round(amount, 2):0.0#} {arguments.State}")));
        },
    };

    private static string Time(DateTimeOffset? time) => time?.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture) ?? "";
}
