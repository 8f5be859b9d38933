using System.Collections.Immutable;
using System.Text.Json;
using Gateway.Core.Reports;
using Gateway.Core.Trust;
using Gateway.Core.Yaml;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Policy;
using Gateway.Reconciliation.Specs;
using Gateway.UnitTests.Reconciliation;

namespace Gateway.UnitTests.Fuzz;

/// <summary>Something that reads bytes from outside.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Valid">Texts it takes, from which others are made.</param>
/// <param name="Read">Reads; the failures, or none.</param>
internal sealed record FuzzTarget(string Name, ImmutableArray<string> Valid, Func<byte[], ImmutableArray<Failure>> Read)
{
    private const string Signature = "-----BEGIN PGP SIGNATURE-----\n\niQ==\n-----END PGP SIGNATURE-----\n";

    private static readonly ImmutableArray<string> Desired =
    [
        .. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Reconciliation/Desired/compose")).Order(StringComparer.Ordinal)
            .Select(file => $"release: {{serial: 1, expires: 2030-01-01T00:00:00Z, targets: all}}\napplications:\n  app:\n{string.Concat(File.ReadLines(file).Select(line => $"    {line}\n"))}"),
    ];

    private static readonly ImmutableArray<string> Twins =
    [
        """{"config_number": 3, "modules": [{"module_name": "a", "container_name": "", "container_image": "registry.example.com/a:1", "restart_policy": "on-failure:3", "pull_policy": "on-create", "startup_order": 1, "command": "run --name 'a b'", "env_variables": {"A": "1"}, "container_create_options": {"ports": {"8080/tcp": {}}, "volumes": {"/data": {}}, "HostConfig": {"Binds": ["v:/v", "/srv:/srv:ro"], "NetworkMode": "bridge", "PortBindings": {"80/tcp": [{"HostPort": "80"}]}}}}, {"module_name": "b", "container_image": "b", "startup_order": ""}]}""",
    ];

    private static readonly ImmutableArray<string> Commands =
    [
        .. new[] { "command: status", "command: join, group: beta", "command: restart, application: app, service: web", "command: logs, application: app, service: web, lease: 10m", "command: reboot", "command: save" }
            .Select(command => $"{{release: {{serial: 9, expires: 2030-01-01T00:00:00Z, targets: [\"gateway:gw-1\"]}}, id: c-1, {command}}}"),
        """{"command":"status"}""",
    ];

    private static readonly ImmutableArray<string> SupervisorConfigurations =
    [
        """
        gateway_id: gw-1
        groups: [beta, berlin]
        mqtt: {host: broker.example.com, port: 8883, ca: /etc/gateway/ca.pem, keepalive: 1m}
        desired_state: /etc/gateway/config.json
        require_digest: false
        allowed_registries: [registry.example.com/gateway/]
        policy: {privileged: false, bind_mounts: [/srv/], devices: ["/dev/ttyACM*", "c 188:* rwm"], capabilities: [NET_ADMIN], logs: true}
        windows: [{start: "0 0 2 * * ?", duration: 2h, time_zone: Europe/Berlin}]
        status_interval: 5m
        """,
    ];

    private static readonly ImmutableArray<string> HostConfigurations =
    [
        """
        gateway_id: gw-1
        groups: [beta]
        playbook_url: https://example.com/{group}/site.yml
        schedule: "0 0/15 * * * ?"
        jitter: 5m
        reapply: 1d
        allowed_modules: [apt, copy]
        supervisor: {name: supervisor, network: host, mounts: ["/srv:/srv:ro"], environment: {A: "1"}}
        """,
    ];

    public static ImmutableArray<FuzzTarget> All { get; } =
    [
        new("envelope", [.. Desired.Concat(Twins).Concat(Commands).Select(text => $$"""{"payload":{{JsonSerializer.Serialize(text)}},"signature":{{JsonSerializer.Serialize(Signature)}}}""")], ReadEnvelope),
        new("desired-state", Desired, ReadDesired),
        new("twin", Twins, ReadDesired),
        new("command", Commands, ReadCommand),
        new("supervisor.yaml", SupervisorConfigurations, bytes => Gateway.ContainerSupervisor.Configuration.ConfigurationReader.Read(new SourceText("fuzz", bytes)).Failures),
        new("host-controller.yaml", HostConfigurations, bytes => Gateway.HostController.Configuration.ConfigurationReader.Read(new SourceText("fuzz", bytes)).Failures),
    ];

    private static ImmutableArray<Failure> ReadEnvelope(byte[] bytes)
    {
        var read = Envelope.Parse(bytes, "fuzz");
        return read.IsSuccess ? ReadDesired(read.Value.Payload.Utf8.ToArray()) : read.Failures;
    }

    /// <summary>What is read goes on as far as to the engine's door.</summary>
    private static ImmutableArray<Failure> ReadDesired(byte[] bytes)
    {
        var read = DesiredStateParser.Parse(SignatureVerifier.Waive(new SourceText("fuzz", bytes)), new DesiredStateOptions());
        foreach (var application in read.IsSuccess ? SourceMerge.Merge([read.Value]).Applications : [])
        {
            var specs = application.Services.Select(service => ContainerSpecBuilder.Build(application, service, Given.NoDevices)).ToList();
            _ = PolicyCheck.Check(application, specs, LocalPolicy.Default);
        }

        return read.Failures;
    }

    private static ImmutableArray<Failure> ReadCommand(byte[] bytes)
    {
        _ = Command.IsBareStatus(bytes);
        return Command.Parse(SignatureVerifier.Waive(new SourceText("fuzz", bytes))).Failures;
    }
}
