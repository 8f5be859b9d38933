using Gateway.Core.Reports;

namespace Gateway.Playbooks.Modules;

/// <summary>ansible.builtin.ping: answers.</summary>
public sealed class PingModule() : TaskModule<string, Nothing>("ping", Options, "ansible.builtin.ping", "ansible.legacy.ping")
{
    private static readonly ModuleSchema Options = new([new Option("data") { Default = "pong" }]);

    public override Result<string> Parse(OptionValues options, ModuleContext context) => options.TextOf("data");

    public override Task<Result<Nothing>> ReadAsync(string arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation) =>
        Task.FromResult<Result<Nothing>>(default(Nothing));

    public override TaskPlan Plan(string arguments, Nothing facts, ModuleContext context) =>
        arguments == "crash" ? TaskPlan.Failure("boom") : TaskPlan.Nothing(Results.Of(("ping", arguments)));
}
