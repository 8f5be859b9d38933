using Gateway.Core.Yaml;

namespace Gateway.Reconciliation.Desired;

/// <summary>Reads <c>deploy</c> (compose-spec/deploy.md): what one gateway can do is done, the rest gets a warning.</summary>
internal static class DeployReader
{
    private const string OneGateway = "it places containers on many machines; here is one";
    private const string OwnWay = "an update here is of the whole application: healthy or rolled back";

    private static readonly (string Key, string Why)[] Ignored =
    [
        ("placement", OneGateway),
        ("endpoint_mode", OneGateway),
        ("rollback_config", OwnWay),
        ("labels", "they are a cluster's; write 'labels' of the service for the container"),
    ];

    public static Service Read(Service service, YamlNode node, Reading reading)
    {
        var deploy = reading.Open(node, "'deploy'");
        Replicas(deploy);
        foreach (var (key, why) in Ignored)
        {
            Ignore(deploy, reading, "deploy", key, why);
        }

        service = deploy.Node("resources") is { } resources ? Resources(service, resources, reading) : service;
        service = deploy.Node("update_config") is { } update ? Update(service, update, reading) : service;
        service = deploy.Node("restart_policy") is { } restart ? Restart(service, restart, reading) : service;
        deploy.Allow("x-");
        deploy.RejectUnknown();
        return service;
    }

    private static void Replicas(YamlFields deploy)
    {
        if (deploy.Node("replicas") is { } count && deploy.Integer("replicas") is not (1 or null))
        {
            deploy.Fail(count, "'replicas' must be 1: one container for each service; write several services, or leave out one that shall not run");
        }

        if (deploy.Text("mode") is not (null or "replicated" or "global"))
        {
            deploy.Fail(deploy.Node("mode")!, "'mode' must be replicated or global; for a service that ends write 'restart: \"no\"'");
        }
    }

    private static Service Resources(Service service, YamlNode node, Reading reading)
    {
        var resources = reading.Open(node, "'deploy.resources'");
        service = resources.Node("limits") is { } limits ? LimitReader.Limits(service, limits, reading) : service;
        if (resources.Node("reservations") is { } reserved)
        {
            var reservations = reading.Open(reserved, "'deploy.resources.reservations'");
            if (reservations.Node("memory") is { } memory)
            {
                service = LimitReader.Set(service, memory, reading, "mem_reservation", reading.Bytes(memory, "'memory'"), l => l.MemoryReservation, static (l, v) => l with { MemoryReservation = v });
            }

            Ignore(reservations, reading, "reservations", "cpus", OneGateway);
            service = reservations.Node("devices") is { } devices
                ? service with { DeviceRequests = [.. service.DeviceRequests, .. DeviceRequestReader.Read(devices, reading, "'deploy.resources.reservations.devices'")] }
                : service;
            reservations.RejectUnknown();
        }

        resources.RejectUnknown();
        return service;
    }

    private static Service Update(Service service, YamlNode node, Reading reading)
    {
        var update = reading.Open(node, "'deploy.update_config'");
        foreach (var key in new[] { "parallelism", "delay", "monitor", "max_failure_ratio" })
        {
            Ignore(update, reading, "update_config", key, OwnWay);
        }

        if (update.Text("failure_action") is not (null or "rollback"))
        {
            Ignore(update, reading, "update_config", "failure_action", OwnWay);
        }

        var order = update.Text("order");
        if (order is not (null or "stop-first" or "start-first"))
        {
            update.Fail(update.Node("order")!, "'order' must be stop-first or start-first");
        }

        update.RejectUnknown();
        return order == "start-first" ? service with { UpdateOrder = UpdateOrder.StartFirst } : service;
    }

    private static Service Restart(Service service, YamlNode node, Reading reading)
    {
        var fields = reading.Open(node, "'deploy.restart_policy'");
        var condition = fields.Text("condition") ?? "any";
        var most = (int)(fields.Integer("max_attempts", 0, 1_000_000) ?? 0);
        Ignore(fields, reading, "restart_policy", "delay", "the engine backs off by itself");
        Ignore(fields, reading, "restart_policy", "window", "the engine backs off by itself");
        fields.RejectUnknown();
        var policy = condition switch
        {
            "none" => new RestartPolicy("no"),
            "on-failure" => new RestartPolicy("on-failure", most),
            "any" => new RestartPolicy("unless-stopped"),
            _ => null,
        };
        if (policy is null)
        {
            fields.Fail(fields.Node("condition")!, "'condition' must be none, on-failure or any");
        }
        else if (policy.Name != "on-failure" && most > 0)
        {
            Ignore(fields, reading, "restart_policy", "max_attempts", "only 'condition: on-failure' counts attempts");
        }

        return policy is null ? service : service with { DeployRestart = policy };
    }

    private static void Ignore(YamlFields fields, Reading reading, string where, string key, string why)
    {
        if (fields.Node(key) is { } node)
        {
            reading.Warn(node.At, $"'{where}.{key}' has no effect: {why}");
        }
    }
}
