using Play = Gateway.IntegrationTests.HostController.GatewayUnderTest;

namespace Gateway.IntegrationTests.HostController;

/// <summary>
/// Playbooks that reboot the machine, with the shipped program: the boot id and systemctl are stand-ins below <c>--root</c>, the power
/// is a kill.
/// </summary>
public sealed class RebootTests
{
    private const string Before = "11111111-1111-1111-1111-111111111111";
    private const string After = "22222222-2222-2222-2222-222222222222";

    [Fact]
    public async Task The_playbook_goes_on_after_the_boot_once_and_does_nothing_twice()
    {
        await using var gateway = await BootableAsync();
        await gateway.PublishAsync(Rebooting(gateway, 1, "first"));
        await UntilTheBootAsync(gateway);
        Assert.Equal(("before first", null), (Lines(gateway, "target/log"), gateway.Target));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(gateway.At("var/lib/gateway/host-controller/reboot.json")));

        Boot(gateway, After);
        gateway.Server.Fail("*", new Fixtures.HttpFault.Reset());
        Assert.Contains("goes on", await gateway.CycleAsync(5), StringComparison.Ordinal);
        Assert.Equal(("before first;handler", "first kept"), (Lines(gateway, "target/log"), gateway.Target));

        // The next cycle is a run like any other: what asked for the reboot has no reason to ask again.
        await gateway.CycleAsync(5);
        Assert.Equal("before first;handler", Lines(gateway, "target/log"));
        Assert.Equal("--message=for a test reboot", Lines(gateway, "calls"));
    }

    [Fact]
    public async Task Another_playbook_that_was_published_meanwhile_begins_at_its_beginning()
    {
        await using var gateway = await BootableAsync();
        await gateway.PublishAsync(Rebooting(gateway, 1, "first"));
        await UntilTheBootAsync(gateway);
        Boot(gateway, After);
        await gateway.PublishAsync(Play.Playbook(2, "second"));
        Assert.Contains("is not gone on with", await gateway.CycleAsync(0), StringComparison.Ordinal);
        Assert.Equal(("before first", "second"), (Lines(gateway, "target/log"), gateway.Target));
    }

    [Fact]
    public async Task A_boot_that_never_came_is_asked_for_again_and_given_up_in_the_end()
    {
        await using var gateway = await BootableAsync();
        await gateway.PublishAsync(Rebooting(gateway, 1, "first"));
        await UntilTheBootAsync(gateway);
        for (var asked = 2; asked <= 3; asked++)
        {
            await UntilTheBootAsync(gateway, asked);
        }

        Assert.Contains("was asked 3 times to reboot and did not", await gateway.CycleAsync(2), StringComparison.Ordinal);
        Assert.Equal("before first", Lines(gateway, "target/log"));
    }

    [Fact]
    public async Task Power_that_goes_while_the_playbook_goes_on_costs_nothing()
    {
        await using var gateway = await BootableAsync();
        var slow = $"    - shell: \"test -e {gateway.At("target/slow")} || {{ touch {gateway.At("target/slow")}; sleep 60; }}\"\n";
        await gateway.PublishAsync(Rebooting(gateway, 1, "first", slow));
        await UntilTheBootAsync(gateway);
        Boot(gateway, After);
        await KilledWhenAsync(gateway, () => File.Exists(gateway.At("target/slow")));
        await gateway.CycleAsync(0);
        Assert.Equal(("before first;handler", "first kept"), (Lines(gateway, "target/log"), gateway.Target));
        Assert.Equal("--message=for a test reboot", Lines(gateway, "calls"));
    }

    [Fact]
    public async Task A_machine_that_does_not_go_down_fails_the_task()
    {
        await using var gateway = await BootableAsync();
        await gateway.PublishAsync(Rebooting(gateway, 1, "first").Replace("msg: for a test", "msg: for a test, reboot_timeout: 1", StringComparison.Ordinal));
        Assert.Contains("is still up after 1 s", await gateway.CycleAsync(2), StringComparison.Ordinal);
        Assert.DoesNotContain("\"Rebooting\"", await File.ReadAllTextAsync(gateway.At("var/lib/gateway/host-controller/reboot.json")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_person_applied_goes_on_by_the_daemon()
    {
        await using var gateway = await BootableAsync();
        await gateway.PublishAsync(Play.Playbook(1, "daemon"));
        var playbook = gateway.At("mine.yml");
        await File.WriteAllTextAsync(playbook, "- hosts: all\n  gather_facts: false\n  tasks:\n    - reboot:\n    - copy: {dest: /target/mine, content: \"{{ who }}\"}\n");
        var start = new System.Diagnostics.ProcessStartInfo(gateway.Request().Program, ["--root", gateway.Root, "apply", playbook, "--unsigned", "--extra-vars", "who=me"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        using (var apply = System.Diagnostics.Process.Start(start)!)
        {
            await gateway.UntilAsync(() => File.Exists(gateway.At("calls")), "the reboot is asked for");
            apply.Kill();
            await apply.WaitForExitAsync();
        }

        Boot(gateway, After);
        await gateway.ConfigureAsync("start_delay: 0");
        using var daemon = gateway.StartDaemon();
        await gateway.UntilAsync(() => File.Exists(gateway.At("target/mine")) && gateway.Target is not null, "apply and cycle are done");
        await Play.TerminateAsync(daemon);
        Assert.Equal("me", await File.ReadAllTextAsync(gateway.At("target/mine")));
    }

    private static async Task<GatewayUnderTest> BootableAsync()
    {
        var gateway = await Play.CreateAsync();
        foreach (var folder in (string[])["proc/sys/kernel/random", "usr/bin"])
        {
            Directory.CreateDirectory(gateway.At(folder));
        }

        await File.WriteAllTextAsync(gateway.At("usr/bin/systemctl"), $"#!/bin/sh\necho \"$@\" >>{gateway.At("calls")}\n");
        File.SetUnixFileMode(gateway.At("usr/bin/systemctl"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Boot(gateway, Before);
        return gateway;
    }

    private static void Boot(GatewayUnderTest gateway, string id) => File.WriteAllText(gateway.At("proc/sys/kernel/random/boot_id"), id + "\n");

    /// <summary>Something changes, a handler is notified, the machine is booted for it; then a value from before is used.</summary>
    private static string Rebooting(GatewayUnderTest gateway, long serial, string word, string more = "") => $$"""
        - name: Test
          hosts: all
          gather_facts: false
          vars:
            release: {serial: {{serial}}, expires: 2099-01-01T00:00:00Z, targets: [all]}
          handlers:
            - name: Note
              shell: echo handler >>{{gateway.Root}}/target/log
          tasks:
            - name: Once
              shell: echo before {{word}} >>{{gateway.Root}}/target/log
              args: {creates: /target/log}
              register: once
              notify: Note
            - set_fact: {kept: kept}
            - reboot: {msg: for a test}
              when: once is changed
        {{more}}    - copy: {dest: /target/file, content: "{{word}} {{"{{ kept }}"}}"}

        """;

    /// <summary>Runs until systemd is asked for the reboot; then the power goes.</summary>
    private static Task UntilTheBootAsync(GatewayUnderTest gateway, int asked = 1) =>
        KilledWhenAsync(gateway, () => File.Exists(gateway.At("calls")) && File.ReadAllLines(gateway.At("calls")).Length >= asked);

    private static async Task KilledWhenAsync(GatewayUnderTest gateway, Func<bool> moment)
    {
        var start = new System.Diagnostics.ProcessStartInfo(gateway.Request().Program, ["--root", gateway.Root, "run"]) { UseShellExecute = false, RedirectStandardError = true };
        using var run = System.Diagnostics.Process.Start(start)!;
        await gateway.UntilAsync(moment, "the moment at which the power goes");
        run.Kill(entireProcessTree: true);
        await run.WaitForExitAsync();
    }

    private static string Lines(GatewayUnderTest gateway, string file) => string.Join(';', File.ReadAllLines(gateway.At(file)));
}
