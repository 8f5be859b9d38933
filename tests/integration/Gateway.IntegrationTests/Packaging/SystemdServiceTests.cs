using System.Text.Json;
using Gateway.IntegrationTests.Fixtures;

namespace Gateway.IntegrationTests.Packaging;

/// <summary>What <c>systemd_service</c> does to real units, by <c>host-controller apply --unsigned</c>.</summary>
[Collection("machine")]
public sealed class SystemdServiceTests(MachineFixture fixture) : IAsyncLifetime
{
    private const string Probe = "probe";
    private readonly SystemdMachine machine = fixture.Machine;

    public async Task InitializeAsync()
    {
        await fixture.ConfiguredAsync();
        machine.Write("/etc/systemd/system/probe.service", """
            [Service]
            ExecStart=/usr/bin/sleep 1000
            ExecReload=/bin/sh -c 'echo reloaded >>/root/reloads'
            [Install]
            WantedBy=multi-user.target
            """);
        await machine.RunAsync("systemctl", "daemon-reload");
    }

    public async Task DisposeAsync()
    {
        await machine.TryAsync("systemctl", "unmask", Probe);
        await machine.TryAsync("systemctl", "disable", "--now", Probe);
        await machine.RunAsync("rm", "-f", "/etc/systemd/system/probe.service", "/root/reloads");
        await machine.RunAsync("systemctl", "daemon-reload");
    }

    [Fact]
    public async Task Started_and_stopped_are_reached_once_and_then_left_alone()
    {
        await ChangesOnceAsync("name: probe, state: started");
        Assert.Equal("active", await PropertyAsync("ActiveState"));

        await ChangesOnceAsync("name: probe, state: stopped");
        Assert.Equal("inactive", await PropertyAsync("ActiveState"));
    }

    [Fact]
    public async Task Restarted_and_reloaded_happen_each_time()
    {
        await ApplyAsync("name: probe, state: started");
        var pid = await PropertyAsync("MainPID");

        Assert.True((await ApplyAsync("name: probe, state: reloaded")).Changed);
        Assert.True((await ApplyAsync("name: probe, state: reloaded")).Changed);
        Assert.Equal(pid, await PropertyAsync("MainPID"));
        Assert.Equal("reloaded\nreloaded\n", await machine.RunAsync("cat", "/root/reloads"));

        Assert.True((await ApplyAsync("name: probe, state: restarted")).Changed);
        Assert.NotEqual(pid, await PropertyAsync("MainPID"));
    }

    [Fact]
    public async Task Enabled_and_disabled_masked_and_unmasked_are_reached_once()
    {
        await ChangesOnceAsync("name: probe, enabled: true");
        Assert.Equal("enabled", await PropertyAsync("UnitFileState"));
        await ChangesOnceAsync("name: probe, enabled: false");
        Assert.Equal("disabled", await PropertyAsync("UnitFileState"));

        // A unit file in /etc cannot be masked: systemd says so, and so does the task.
        var failed = await ApplyAsync("name: probe, masked: true");
        Assert.True(failed.Failed);
        Assert.Contains("Unable to mask service probe", failed.Message);

        await ChangesOnceAsync("name: unwanted, masked: true");
        Assert.Equal("masked", await fixture.PropertyAsync("LoadState", "unwanted"));
        await ChangesOnceAsync("name: unwanted, masked: false");
        Assert.Equal("not-found", await fixture.PropertyAsync("LoadState", "unwanted"));
    }

    [Fact]
    public async Task Daemon_reload_lets_systemd_see_a_unit_that_changed()
    {
        // systemd reads a unit that is not running anew by itself.
        await ApplyAsync("name: probe, state: started");
        await machine.RunAsync("sed", "--in-place", "s/sleep 1000/sleep 2000/", "/etc/systemd/system/probe.service");
        Assert.Contains("sleep 1000", await PropertyAsync("ExecStart"));

        Assert.False((await ApplyAsync("daemon_reload: true")).Failed);

        Assert.Contains("sleep 2000", await PropertyAsync("ExecStart"));
    }

    [Fact]
    public async Task A_unit_that_is_not_there_fails_and_is_named()
    {
        var started = await ApplyAsync("name: nonesuch, state: started");

        Assert.True(started.Failed);
        Assert.Equal("Could not find the requested service nonesuch: host", started.Message);
    }

    [Fact]
    public async Task Check_says_what_would_change_and_changes_nothing()
    {
        Assert.True((await ApplyAsync("name: probe, state: started, enabled: true", "--check")).Changed);

        Assert.Equal("inactive", await PropertyAsync("ActiveState"));
        Assert.Equal("disabled", await PropertyAsync("UnitFileState"));
    }

    private Task<string> PropertyAsync(string name) => fixture.PropertyAsync(name, Probe);

    private async Task ChangesOnceAsync(string arguments)
    {
        var first = await ApplyAsync(arguments);
        Assert.False(first.Failed, first.Message);
        Assert.True(first.Changed);
        Assert.False((await ApplyAsync(arguments)).Changed);
    }

    private async Task<Told> ApplyAsync(string arguments, params string[] more)
    {
        machine.Write("/root/task.yml", $$"""
            - hosts: all
              gather_facts: false
              tasks:
                - systemd_service: { {{arguments}} }
            """);
        var run = await machine.TryAsync("host-controller", ["apply", "/root/task.yml", "--unsigned", "--output", "json", .. more]);
        Assert.True(run.ExitCode is 0 or 2, $"exit {run.ExitCode}: {run.StandardOutput}{run.StandardError}");
        using var json = JsonDocument.Parse(run.StandardOutput);
        var host = json.RootElement.GetProperty("plays")[0].GetProperty("tasks")[0].GetProperty("hosts").GetProperty("localhost");
        var message = host.TryGetProperty("msg", out var text) ? text.GetString() : "";
        return new Told(run.ExitCode == 2, host.GetProperty("changed").GetBoolean(), message ?? "");
    }

    private sealed record Told(bool Failed, bool Changed, string Message);
}
