namespace Gateway.EndToEndTests;

/// <summary>What the machine runs out of: it is told, nothing is half done, and it goes on when there is enough again.</summary>
[Collection("gateway")]
public sealed class ScarcityTests(RunningGateway gateway)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task A_root_that_became_read_only_is_told_and_cycles_go_on_when_it_is_writable_again()
    {
        await using var machine = await gateway.MachineAsync();
        await gateway.PublishAsync(gateway.Tasks(RunningGateway.SupervisorTask(gateway.Supervisor)));
        // As the kernel does it after an error of the disk.
        await machine.ShellAsync("echo u >/proc/sysrq-trigger; until grep -q ' / ext4 ro' /proc/mounts; do sleep 0.2; done");

        await machine.UntilAsync("the reason", Patience, "host-controller run 2>&1 | grep -q 'Read-only file system'");
        await machine.RunAsync("host-controller", "status");

        await machine.RunAsync("mount", "-o", "remount,rw", "/");
        await machine.UntilAsync("a cycle", Patience, "host-controller run");
        await RunningGateway.RunsAsync(machine);
    }

    [Fact]
    public async Task A_daemon_that_the_kernel_killed_for_want_of_memory_is_back_at_once()
    {
        await using var machine = await gateway.MachineAsync();
        var before = await machine.ShellAsync("systemctl show gateway-host-controller --value --property MainPID");
        await machine.ShellAsync($"echo 1000 >/proc/{before}/oom_score_adj; echo f >/proc/sysrq-trigger");

        await machine.UntilAsync("another daemon", Patience, $"systemctl is-active -q gateway-host-controller && test \"$(systemctl show gateway-host-controller --value --property MainPID)\" != {before}");
        Assert.NotEqual("0", await machine.ShellAsync("journalctl -k | grep -c 'Out of memory'; true"));
        await machine.UntilAsync("a cycle", Patience, "host-controller run");
        await RunningGateway.RunsAsync(machine);
    }
}
