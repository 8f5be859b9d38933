using Gateway.Core.Reports;

namespace Gateway.Playbooks.Modules;

/// <summary>
/// ansible.builtin.reboot, of this machine itself: the run is kept on disk and goes on after the boot, with the task after
/// this one. Ansible, which would cut off its own branch, refuses that.
/// </summary>
public sealed class RebootModule() : TaskModule<Reboot, Nothing>("reboot", Options, "ansible.builtin.reboot", "ansible.legacy.reboot")
{
    private const long LongestSeconds = 86_400;

    private static readonly ModuleSchema Options = new(
    [
        new Option("msg") { Default = "Reboot initiated by Ansible" },
        new Option("pre_reboot_delay", OptionType.Integer) { Default = 0L },
        new Option("post_reboot_delay", OptionType.Integer) { Default = 0L },
        new Option("reboot_timeout", OptionType.Integer) { Default = 600L },
    ])
    {
        NotSupported = ["boot_time_command", "connect_timeout", "reboot_command", "search_paths", "test_command"],
    };

    public override Result<Reboot> Parse(OptionValues options, ModuleContext context) =>
        new Reboot(options.TextOf("msg"), Seconds(options, "pre_reboot_delay"), Seconds(options, "post_reboot_delay"), Seconds(options, "reboot_timeout"));

    public override Task<Result<Nothing>> ReadAsync(Reboot arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation) =>
        Task.FromResult<Result<Nothing>>(default(Nothing));

    public override TaskPlan Plan(Reboot arguments, Nothing facts, ModuleContext context) =>
        new([arguments], Results.Of(("elapsed", 0L), ("rebooted", true)));

    private static TimeSpan Seconds(OptionValues options, string name) => TimeSpan.FromSeconds(Math.Clamp(options.Integer(name) ?? 0, 0, LongestSeconds));
}
