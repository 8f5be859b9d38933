using Gateway.Core.Processes;
using Gateway.IntegrationTests.Fixtures;
using Gateway.IntegrationTests.Supervisor;

namespace Gateway.IntegrationTests.Ctl;

/// <summary>gatewayctl as it is shipped: against the broker over TLS, and against the shipped supervisor.</summary>
[Collection("third sandbox")]
public sealed class RealProgramsTests(SandboxFixture fixture)
{
    private readonly Sandbox sandbox = fixture.Sandbox;

    private static string Program => Repository.At("out", "bin", "gatewayctl");

    [Fact]
    public async Task Every_playbook_of_ours_lints_clean_and_can_be_signed_and_verified()
    {
        await using var desk = new OperatorDesk();
        await desk.MakeKeyAsync();
        var playbooks = Directory.GetFiles(Repository.At("playbooks"), "*.yml").Order(StringComparer.Ordinal).ToList();
        Assert.NotEmpty(playbooks);

        var linted = await CtlAsync(["lint", .. playbooks]);
        Assert.True(linted.ExitCode == 0, linted.StandardOutput + linted.StandardError);
        Assert.Equal("", linted.StandardError);
        foreach (var playbook in playbooks)
        {
            var copy = desk.Write(Path.GetFileName(playbook), await File.ReadAllTextAsync(playbook));
            var signed = await CtlAsync("sign", copy, "--home", desk.Home);
            Assert.True(signed.ExitCode == 0, signed.StandardError);
            var verified = await CtlAsync("verify", copy, "--trusted", desk.Trusted);
            Assert.True(verified.ExitCode == 0, verified.StandardError);
            await File.AppendAllTextAsync(copy, "# altered\n");
            Assert.Equal(3, (await CtlAsync("verify", copy, "--trusted", desk.Trusted)).ExitCode);
        }
    }

    [Fact]
    public async Task Over_TLS_the_broker_asks_for_a_certificate_and_takes_the_operators()
    {
        await using var desk = new OperatorDesk();
        await desk.MakeKeyAsync();
        var file = await desk.SignedAsync(desk.WriteDesired("desired.yaml", targets: "gateway:gw-tls"));
        var certificate = await sandbox.ClientCertificateAsync("operator");
        string[] publish = ["publish", file, "--gateway", "gw-tls", "--broker", $"127.0.0.1:{sandbox.BrokerTlsPort}", "--ca", certificate.Authority];

        var without = await CtlAsync(publish);
        var with = await CtlAsync([.. publish, "--cert", certificate.Certificate, "--key", certificate.Key]);
        var untrusted = await CtlAsync([.. publish[..^1], certificate.Certificate, "--cert", certificate.Certificate, "--key", certificate.Key]);

        Assert.Equal(5, without.ExitCode);
        Assert.Single(without.StandardError.TrimEnd().Split('\n'));
        Assert.True(with.ExitCode == 0, with.StandardError);
        Assert.Contains("to gateway/gw-tls/desired", with.StandardOutput);
        Assert.Equal(5, untrusted.ExitCode);
    }

    [Fact]
    public async Task Publish_and_wait_tells_applied_rolled_back_and_refused_of_the_real_supervisor()
    {
        const string Id = "gw-wait";
        await using var desk = new OperatorDesk();
        await desk.MakeKeyAsync();
        await using var supervisor = new RunningSupervisor(sandbox, Id);
        await supervisor.ConfigureAsync(trusted: null);
        File.Copy(Path.Combine(desk.Trusted, "ann.asc"), Path.Combine(supervisor.Folder, "trusted.d", "ann.asc"));
        await supervisor.WatchAsync();
        supervisor.Start(Repository.At("out", "bin", "container-supervisor"));
        var good = await sandbox.PushTestImageAsync("wait", new TestImage { Healthcheck = TestImage.Check("true") });
        var bad = await sandbox.PushTestImageAsync("wait", new TestImage { Command = ["sh", "-c", "echo no power; sleep infinity"], Healthcheck = TestImage.Check("false") });

        var applied = await PublishAsync(await SignedAsync(desk, 1, good));
        Assert.True(applied.ExitCode == 0, applied.StandardOutput + applied.StandardError + supervisor.Log);
        Assert.Contains($"{Id}: applied", applied.StandardOutput);

        var back = await PublishAsync(await SignedAsync(desk, 2, bad));
        Assert.True(back.ExitCode == 2, back.StandardOutput + back.StandardError + supervisor.Log);
        Assert.Contains("rolled-back", back.StandardOutput);
        Assert.Contains("no power", back.StandardOutput);

        var file = await SignedAsync(desk, 3, good);
        await File.AppendAllTextAsync(file, "# altered on the way\n");
        var refused = await PublishAsync(file);
        Assert.True(refused.ExitCode == 3, refused.StandardOutput + refused.StandardError + supervisor.Log);
        Assert.Contains($"{Id}: refused: ", refused.StandardOutput);
        Assert.True((await sandbox.Docker.Containers.InspectAsync("wait-one")).Value.State.Running);

        Task<ProcessOutcome> PublishAsync(string desired) =>
            CtlAsync("publish", desired, "--gateway", Id, "--broker", $"127.0.0.1:{sandbox.BrokerPort}", "--wait", "--timeout", "90");
    }

    [Fact]
    public async Task What_is_no_command_is_told_in_one_line()
    {
        var run = await CtlAsync("pubish", "desired.yaml");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("gatewayctl: there is no command 'pubish'; see gatewayctl --help\n", run.StandardError);
    }

    private static Task<string> SignedAsync(OperatorDesk desk, int serial, string image) => desk.SignedAsync(desk.Write($"desired-{serial}.yaml", $$"""
        release: {serial: {{serial}}, expires: 2040-01-01T00:00:00Z, targets: [all]}
        applications:
          wait:
            version: "{{serial}}"
            services:
              one: {image: "{{image}}"}

        """));

    private Task<ProcessOutcome> CtlAsync(params string[] arguments) => ProcessRunner.RunAsync(
        sandbox.InNamespace(new ProcessRequest(Program, [.. arguments]) { Timeout = TimeSpan.FromMinutes(2) }), CancellationToken.None);
}
