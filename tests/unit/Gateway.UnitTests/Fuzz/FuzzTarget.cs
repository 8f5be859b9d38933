using System.Collections.Immutable;
using System.Text.Json;
using Gateway.Core.Reports;
using Gateway.Core.Trust;
using Gateway.Core.Yaml;
using Gateway.Playbooks.Expressions;
using Gateway.Playbooks.Parsing;
using Gateway.Playbooks.Yaml;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Policy;
using Gateway.Reconciliation.Specs;
using Gateway.UnitTests.Playbooks.Expressions;
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

    private static readonly ImmutableArray<string> Playbooks =
    [
        """
        - name: Base system
          hosts: all
          gather_facts: false
          vars: {release: {serial: 42, expires: 2027-03-01T00:00:00Z, targets: ["group:beta"]}, colour: red, list: [1, "{{ colour }}"], quiet: !unsafe "{{ x }}"}
          module_defaults: {copy: {mode: "0600"}}
          environment: {A: "{{ colour }}"}
          tasks:
            - name: Tools for {{ colour }}
              apt: {name: [ca-certificates, usbutils], state: present, update_cache: yes}
              when: [colour == 'red', list | length > 1]
              notify: Told
              tags: [one, two]
            - command: echo "{{ item.key }}" creates=/tmp/x
              with_dict: {a: 1, b: 2}
              loop_control: {label: "{{ item.key }}", index_var: at}
              register: said
              until: said.rc == 0
              retries: 3
              changed_when: "'x' in said.stdout"
            - block:
                - copy: {content: "{{ list | to_nice_json }}\n", dest: /etc/x, mode: u=rw,g=r}
                - template: src=a.j2 dest=/etc/y
              rescue: [{debug: {var: ansible_failed_result.msg}}]
              always: [{meta: flush_handlers}]
          handlers:
            - {name: Told, service: {name: x, state: restarted}, listen: [topic]}
        - import_playbook: other.yml
        """,
        "- hosts: localhost\n  roles: [{role: a, vars: {b: &b [1, 2]}}, c]\n  vars_files: [x.yml]\n  tasks:\n    - include_tasks: {file: x.yml, apply: {tags: y}}\n    - action: copy src=a dest=b\n    - set_fact: {a: *b}\n",
    ];

    /// <summary>Variables, of which one is rendered as a playbook's text, as a file and as a condition.</summary>
    private static readonly ImmutableArray<string> Templates =
    [
        """
        {"a": 1, "l": [3, 1, {"k": "v"}], "d": {"x": 1.5, "y": null}, "s": "text", "other": "{{ a + 1 }}",
         "template": "{% for i in l if i is number %}{{ loop.index }} {{ i ** 2 | string }}{% else %}-{% endfor %}{% set n = namespace(t=0) %}{{ d | combine({'z': [a, s]}) | to_nice_yaml }}{{ l | map('string') | join(',') | regex_replace('(\\w+)', '<\\1>') }}"}
        """,
        """{"s": "aaaa", "n": "{{ s * 3 }}", "template": "{% macro m(x, y=2) %}{{ x }}{{ y }}{% endmacro %}{{ m(n) }}{{ '%05d|%-5s' % (4, s) }} {{ s[::-1] }} {{ s.split('a') | select | list }} {{ 'x' if n is defined else 'y' }}"}""",
        """{"p": [{"n": "a", "v": 1}, {"n": "b", "v": 2}], "template": "{{ p | selectattr('v', 'gt', 1) | map(attribute='n') | list }} {{ p | groupby('n') | length }} {{ p | items2dict('n', 'v') | dict2items | sort(attribute='key') }} {{ [1, 2] | product([3, 4]) | list }}"}""",
    ];

    private static readonly ImmutableArray<string> Values =
    [
        "a: [yes, 0644, 12:30:45, 1e3, .inf, ~, 2026-11-21, 2026-11-21T10:11:12.5+02:00, 1_000, 0x1F, 0b1]\nb: &b\n  c: |\n    x\n    y\n  d: e\nc: *b\n",
        "base: &base {a: 1, b: [x]}\nmerged: {<<: *base, b: 2}\nlist: [*base, *base]\nu: !unsafe '{{ x }}'\nt: !!str 12\nf: >-\n  one\n  two\n\n  three\n",
    ];

    public static ImmutableArray<FuzzTarget> All { get; } =
    [
        new("playbook", Playbooks, bytes => PlaybookParser.Parse(SignatureVerifier.Waive(new SourceText("fuzz", bytes)), ParseOptions.Unsigned).Failures),
        new("template", Templates, Render),
        new("values", Values, ReadValues),
        new("envelope", [.. Desired.Concat(Twins).Concat(Commands).Select(text => $$"""{"payload":{{JsonSerializer.Serialize(text)}},"signature":{{JsonSerializer.Serialize(Signature)}}}""")], ReadEnvelope),
        new("desired-state", Desired, ReadDesired),
        new("twin", Twins, ReadDesired),
        new("command", Commands, ReadCommand),
        new("supervisor.yaml", SupervisorConfigurations, bytes => Gateway.ContainerSupervisor.Configuration.ConfigurationReader.Read(new SourceText("fuzz", bytes)).Failures),
        new("host-controller.yaml", HostConfigurations, bytes => Gateway.HostController.Configuration.ConfigurationReader.Read(new SourceText("fuzz", bytes)).Failures),
    ];

    private static ImmutableArray<Failure> Render(byte[] bytes)
    {
        if (!YamlReader.Read(new SourceText("fuzz", bytes), tags: Yaml11.Tags).Then(Yaml11.ToValue).TryGet(out var read, out var wrong))
        {
            return wrong;
        }

        var variables = read as DictValue ?? DictValue.Empty;
        var template = variables.TryGet("template", out var text) && text is TextValue ? text.ToString() : System.Text.Encoding.UTF8.GetString(bytes);
        var (templar, seen, at) = (new Templar(), new Variables(variables), new Position("fuzz", 1, 1));
        var failures = templar.Render(template, at, seen).Failures;
        _ = templar.Render(template, at, seen, TemplateOptions.File);
        _ = templar.Test(template, at, seen);
        return failures;
    }

    private static ImmutableArray<Failure> ReadValues(byte[] bytes)
    {
        var read = YamlReader.Read(new SourceText("fuzz", bytes), tags: Yaml11.Tags).Then(Yaml11.ToValue);
        return read.IsSuccess ? new Templar().Resolve(read.Value, new Position("fuzz", 1, 1), new Variables()).Failures : read.Failures;
    }

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
