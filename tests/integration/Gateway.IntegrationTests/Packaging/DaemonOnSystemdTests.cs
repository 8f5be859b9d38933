using Gateway.IntegrationTests.Fixtures;
using static Gateway.IntegrationTests.Packaging.MachineFixture;

namespace Gateway.IntegrationTests.Packaging;

/// <summary>Signed playbooks, fetched and applied by the installed unit.</summary>
[Collection("machine")]
public sealed class DaemonOnSystemdTests(MachineFixture fixture)
{
    private readonly SystemdMachine machine = fixture.Machine;

    [Fact]
    public async Task A_service_is_installed_started_restarted_by_a_handler_when_its_unit_changes_and_stopped()
    {
        await fixture.ConfiguredAsync();
        await fixture.PublishAsync(1, Service("1000"));
        await fixture.StartAsync();
        await fixture.AppliedAsync(1);
        var first = await fixture.PropertyAsync("MainPID", "metering");
        Assert.Equal("active", await fixture.PropertyAsync("ActiveState", "metering"));
        Assert.Equal("enabled", await fixture.PropertyAsync("UnitFileState", "metering"));

        // The same release is applied again and again, and leaves the service alone.
        await CyclesAsync(2);
        Assert.Equal(first, await fixture.PropertyAsync("MainPID", "metering"));

        await fixture.PublishAsync(2, Service("2000"));
        await fixture.AppliedAsync(2);
        Assert.NotEqual(first, await fixture.PropertyAsync("MainPID", "metering"));
        Assert.Contains("sleep 2000", await fixture.PropertyAsync("ExecStart", "metering"));

        // Drift is repaired.
        await machine.RunAsync("systemctl", "stop", "metering");
        await CyclesAsync(2);
        Assert.Equal("active", await fixture.PropertyAsync("ActiveState", "metering"));

        await fixture.PublishAsync(3, "tasks: [{systemd_service: {name: metering, state: stopped, enabled: false}}]");
        await fixture.AppliedAsync(3);
        Assert.Equal("inactive", await fixture.PropertyAsync("ActiveState", "metering"));
        Assert.Equal("disabled", await fixture.PropertyAsync("UnitFileState", "metering"));
    }

    [Fact]
    public async Task What_is_altered_after_signing_is_refused_and_nothing_runs()
    {
        await fixture.ConfiguredAsync();
        await fixture.PublishAsync(1, "tasks: [{copy: {dest: /etc/site.conf, content: good}}]");
        var playbook = Path.Join(machine.Root, "/srv/playbook.yml");
        await File.WriteAllTextAsync(playbook, (await File.ReadAllTextAsync(playbook)).Replace("good", "evil"));
        await fixture.StartAsync();

        await machine.JournalAsync(Unit, text => text.Contains("cycle ended with status 3", StringComparison.Ordinal), TimeSpan.FromSeconds(60));

        Assert.False(File.Exists(Path.Join(machine.Root, "/etc/site.conf")));
        Assert.Equal("active", await fixture.PropertyAsync("ActiveState"));
    }

    private static string Service(string seconds) => $$"""
        tasks:
          - name: Unit
            copy:
              dest: /etc/systemd/system/metering.service
              content: |
                [Service]
                ExecStart=/usr/bin/sleep {{seconds}}
                [Install]
                WantedBy=multi-user.target
            notify: Restart
          - name: Runs
            systemd_service: {name: metering, state: started, enabled: true, daemon_reload: true}
        handlers:
          - name: Restart
            systemd_service: {name: metering, state: restarted, daemon_reload: true}
        """;

    /// <summary>Waits for so many cycles from now on.</summary>
    private async Task CyclesAsync(int number)
    {
        var before = Count(await machine.JournalAsync(Unit));
        await machine.JournalAsync(Unit, text => Count(text) >= before + number, TimeSpan.FromSeconds(60));
    }

    private static int Count(string journal) => journal.Split("cycle ended with status 0").Length - 1;
}
