using Gateway.IntegrationTests.Fixtures;

namespace Gateway.IntegrationTests.Packaging;

/// <summary>The unit's hardening is in force, and costs none of what playbooks have to do.</summary>
[Collection("machine")]
public sealed class HardeningTests(MachineFixture fixture)
{
    private const string Bind = "socket(S,PF_INET,SOCK_STREAM,0); bind(S,sockaddr_in(8080,INADDR_ANY)) or die qq(refused: $!)";
    private readonly SystemdMachine machine = fixture.Machine;

    [Fact]
    public async Task Packages_files_and_units_can_be_changed_under_the_units_hardening()
    {
        await fixture.ConfiguredAsync();
        await MakeDebAsync();
        await fixture.PublishAsync(1, """
            tasks:
              - name: Simulate
                command: apt-get --simulate upgrade
              - name: Package
                apt: {deb: /srv/gateway-probe.deb}
              - name: Folder
                file: {path: /etc/gateway-site, state: directory}
              - name: File
                copy: {dest: /etc/gateway-site/site.conf, content: here, mode: "0640"}
            """);
        await fixture.StartAsync();

        var journal = await fixture.AppliedAsync(1);

        Assert.Contains("task Package (apt): changed", journal);
        Assert.Equal("ok", (await machine.RunAsync("cat", "/var/lib/gateway-probe")).Trim());
        Assert.Contains("install ok installed", await machine.RunAsync("dpkg-query", "--show", "--showformat=${Status}", "gateway-probe"));
        Assert.Equal("4755", (await machine.RunAsync("stat", "--format=%a", "/usr/bin/gateway-probe")).Trim());
        Assert.Equal("640", (await machine.RunAsync("stat", "--format=%a", "/etc/gateway-site/site.conf")).Trim());
    }

    [Fact]
    public async Task No_port_is_opened_and_system_calls_are_filtered()
    {
        await fixture.ConfiguredAsync();
        await fixture.PublishAsync(1, "tasks: [{debug: {msg: here}}]");
        await fixture.StartAsync();
        await fixture.AppliedAsync(1);

        Assert.Empty((await machine.RunAsync("ss", "--no-header", "--listening", "--tcp", "--udp", "--raw", "--packet")).Trim());
        Assert.Matches(@"Seccomp:\s+2", await machine.RunAsync("cat", $"/proc/{await fixture.PropertyAsync("MainPID")}/status"));
        Assert.Contains("any", await fixture.PropertyAsync("SocketBindDeny"));
    }

    [Fact]
    public async Task A_task_cannot_open_a_port_where_the_kernel_enforces_it()
    {
        var probe = await machine.TryAsync("systemd-run", "--quiet", "--pipe", "--wait", "--property=SocketBindDeny=any", "perl", "-MSocket", "-e", Bind);
        var isEnforced = !probe.IsSuccess;
        await fixture.ConfiguredAsync();
        await fixture.PublishAsync(1, $$$"""
            tasks:
              - name: Listen
                command: {argv: [perl, -MSocket, -e, '{{{Bind}}}']}
                register: listen
                failed_when: false
              - name: Outcome
                copy: {dest: /root/bind, content: "{{ listen.rc }} {{ listen.stderr }}"}
            """);
        await fixture.StartAsync();

        await fixture.AppliedAsync(1);

        var outcome = await machine.RunAsync("cat", "/root/bind");
        Assert.StartsWith(isEnforced ? "1 refused: Operation not permitted" : "0", outcome);
    }

    [Fact]
    public async Task Images_are_pulled_through_the_engines_socket()
    {
        await using var sandbox = await Sandbox.StartAsync(SandboxFixture.NewDirectory());
        var image = await sandbox.PushTestImageAsync("machine", "true");
        await using var relay = SocketRelay.Start(Path.Join(machine.Root, "/srv/docker.sock"), sandbox.DockerSocket);
        await fixture.ConfiguredAsync("docker_socket: /srv/docker.sock");
        await fixture.PublishAsync(1, $$$"""tasks: [{name: Image, docker_image: {name: "{{{image}}}", source: pull}}]""");
        await fixture.StartAsync();

        Assert.Contains("task Image (docker_image): changed", await fixture.AppliedAsync(1));
        Assert.True((await sandbox.Docker.Images.InspectAsync(image)).IsSuccess);
    }

    /// <summary>A package with a set-uid file and a script, at <c>/srv/gateway-probe.deb</c> of the machine.</summary>
    private async Task MakeDebAsync()
    {
        await machine.TryAsync("dpkg", "--purge", "gateway-probe");
        machine.Write("/root/probe/DEBIAN/control", "Package: gateway-probe\nVersion: 1\nArchitecture: all\nMaintainer: Tests <tests@example.com>\nDescription: probe\n");
        machine.Write("/root/probe/DEBIAN/postinst", "#!/bin/sh\nset -e\necho ok >/var/lib/gateway-probe\nsystemctl daemon-reload\n");
        machine.Write("/root/probe/usr/bin/gateway-probe", "#!/bin/sh\n");
        await machine.RunAsync("chmod", "0755", "/root/probe/DEBIAN/postinst");
        await machine.RunAsync("chmod", "4755", "/root/probe/usr/bin/gateway-probe");
        await machine.RunAsync("dpkg-deb", "--root-owner-group", "--build", "/root/probe", "/srv/gateway-probe.deb");
    }
}
