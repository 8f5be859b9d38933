using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Gateway.Reconciliation.Desired;

namespace Gateway.Reconciliation.Specs;

/// <summary>Translates services into Engine create bodies (docs.docker.com/reference/api/engine, v1.41 names).</summary>
public static class ContainerSpecBuilder
{
    /// <summary>Docker's own default; giving it is the same as giving none.</summary>
    private static readonly TimeSpan DefaultGrace = TimeSpan.FromSeconds(10);

    /// <summary>The specification of a service.</summary>
    /// <param name="application">Its application.</param>
    /// <param name="service">The service.</param>
    /// <param name="devices">Paths that devices were found at, by <see cref="DeviceMapping.Source"/>; those not found stay as given.</param>
    /// <param name="folders">Where the supervisor keeps what containers are given; null for the default places.</param>
    public static ContainerSpec Build(Application application, Service service, ImmutableDictionary<string, string?> devices, HostFolders? folders = null)
    {
        folders ??= HostFolders.Default;
        var oneShot = IsOneShot(application, service);
        var hashed = Body(application, service, HostFolders.Symbolic, static device => device.Source);
        var body = Body(application, service, folders, device => devices.GetValueOrDefault(device.Source) ?? device.Source);
        var files = service.Files.Select(file => PlacedFile.At(folders.Files, application, service, file)).ToImmutableArray();
        var own = MountParts.Own(application, service, folders);
        var more = service.Networks.Skip(1).Select(use => new NetworkConnection(Network(application, use).Name, Endpoint(application, service, use))).ToImmutableArray();
        hashed["more networks"] = new JsonObject(more.Select(connection => KeyValuePair.Create(connection.Network, (JsonNode?)connection.EndpointConfig.DeepClone())));
        var hash = CanonicalJson.Hash(hashed);
        var labels = body["Labels"] as JsonObject ?? [];
        labels[GatewayLabels.Application] = application.Name;
        labels[GatewayLabels.Service] = service.Name;
        labels[GatewayLabels.Config] = hash;
        labels[GatewayLabels.Release] = application.Release;
        labels.Set(GatewayLabels.Files, files.IsEmpty ? null : string.Join(',', files.Select(file => file.Identity).Distinct(StringComparer.Ordinal)));
        labels.Set(GatewayLabels.Devices, service.Devices.IsEmpty ? null : FoundAt(service, devices));
        body["Labels"] = labels;
        return new ContainerSpec(
            service,
            hash,
            (JsonObject)CanonicalJson.Sorted(body)!,
            more,
            [.. service.Networks.Select(use => Network(application, use).Name).Order(StringComparer.Ordinal)],
            [.. service.Volumes.Where(mount => mount is { Kind: MountKind.Volume, Source: not null }).Select(mount => application.Volumes.First(volume => volume.Key == mount.Source).Name).Distinct(StringComparer.Ordinal)],
            oneShot)
        {
            Files = files,
            OwnMounts = [.. own.Binds, .. own.Mounts.Select(mount => mount.ToJsonString())],
            Joined = [.. new[] { service.NetworkMode, service.Pid, service.Ipc }.Where(mode => ServiceLinks.Named(mode) is not null).Select(mode => Mode(application, mode)!)],
        };
    }

    /// <summary>A specification that was built without devices, with the paths they are found at.</summary>
    internal static ContainerSpec Placed(ContainerSpec spec, ImmutableDictionary<string, string?> devices)
    {
        if (spec.Service.Devices.IsEmpty)
        {
            return spec;
        }

        var body = (JsonObject)spec.Body.DeepClone();
        foreach (var (source, found) in spec.Service.Devices.Select(device => (device.Source, devices.GetValueOrDefault(device.Source))))
        {
            foreach (var device in (body["HostConfig"]?["Devices"] as JsonArray)?.OfType<JsonObject>().Where(device => found is not null && BodyMerge.Text(device["PathOnHost"]) == source) ?? [])
            {
                device["PathOnHost"] = found;
                device["PathInContainer"] = BodyMerge.Text(device["PathInContainer"]) == source ? found : BodyMerge.Text(device["PathInContainer"]);
            }
        }

        body["Labels"]![GatewayLabels.Devices] = FoundAt(spec.Service, devices);
        return spec with { Body = body };
    }

    /// <summary>Value of the label <c>io.gateway.devices</c>.</summary>
    internal static string FoundAt(Service service, ImmutableDictionary<string, string?> devices) =>
        string.Join(',', service.Devices.Select(device => devices.GetValueOrDefault(device.Source) ?? ""));

    private static bool IsOneShot(Application application, Service service) => Restart(application, service).Name == "no";

    private static RestartPolicy Restart(Application application, Service service)
    {
        var given = service.Restart ?? FromOptions(service);
        var awaited = application.Services.Any(other => other.DependsOn.Any(d => d.Service == service.Name && d.Condition == DependencyCondition.CompletedSuccessfully));
        return given switch
        {
            null => new RestartPolicy(awaited ? "no" : "unless-stopped"),
            { Name: "always" } => new RestartPolicy("unless-stopped"),
            _ => given,
        };
    }

    private static RestartPolicy? FromOptions(Service service) =>
        service.CreateOptions?["HostConfig"] is JsonObject host && host["RestartPolicy"] is JsonObject policy && BodyMerge.Text(policy["Name"]) is { Length: > 0 } name
            ? new RestartPolicy(name)
            : null;

    private static JsonObject Body(Application application, Service service, HostFolders folders, Func<DeviceMapping, string> find)
    {
        var body = new JsonObject { ["Image"] = service.Image.Pull };
        body.Set("Cmd", service.Command is { } command ? BodyParts.List(command) : null);
        if (service.Entrypoint is { } entrypoint)
        {
            body["Entrypoint"] = BodyParts.List(entrypoint);
        }

        body.Set("Env", BodyParts.List(service.Environment.Select(pair => pair.Value is null ? pair.Key : $"{pair.Key}={pair.Value}")));
        body.Set("Labels", BodyParts.Map(service.Labels));
        body.Set("ExposedPorts", BodyParts.Set(service.Expose.Concat(service.Ports.Select(port => $"{port.Target}/{port.Protocol}"))));
        body.Set("Healthcheck", BodyParts.Health(service.HealthCheck));
        body.Set("User", service.User);
        body.Set("WorkingDir", service.WorkingDirectory);
        body.Set("Hostname", service.Hostname);
        body.Set("Domainname", service.DomainName);
        body.Set("MacAddress", service.MacAddress);
        body.Set("StopSignal", service.StopSignal);
        body.Set("StopTimeout", service.StopGracePeriod is { } grace && grace != DefaultGrace ? (long)Math.Ceiling(grace.TotalSeconds) : null);
        body.SetTrue("Tty", service.Tty);
        body.SetTrue("OpenStdin", service.StdinOpen);
        var host = Host(application, service, find);
        MountParts.Add(body, host, application, service, folders);
        body["HostConfig"] = host;
        if (!service.Networks.IsEmpty)
        {
            var first = service.Networks[0];
            body["NetworkingConfig"] = new JsonObject
            {
                ["EndpointsConfig"] = new JsonObject { [Network(application, first).Name] = Endpoint(application, service, first) },
            };
        }

        return BodyMerge.Under(service.CreateOptions, body);
    }

    private static JsonObject Host(Application application, Service service, Func<DeviceMapping, string> find)
    {
        var host = new JsonObject { ["NetworkMode"] = Mode(application, service.NetworkMode) ?? Network(application, service.Networks[0]).Name };
        if (service.Restart is not null || FromOptions(service) is null)
        {
            var restart = Restart(application, service);
            host["RestartPolicy"] = new JsonObject { ["Name"] = restart.Name, ["MaximumRetryCount"] = restart.MaximumRetries };
        }

        host.Set("PortBindings", BodyParts.Ports(service.Ports));
        host.Set("Devices", MountParts.Devices(service, find));
        host.Set("Dns", BodyParts.List(service.Dns));
        host.Set("DnsSearch", BodyParts.List(service.DnsSearch));
        host.Set("DnsOptions", BodyParts.List(service.DnsOptions));
        host.Set("ExtraHosts", BodyParts.List(service.ExtraHosts));
        host.Set("GroupAdd", BodyParts.List(service.GroupAdd));
        host.Set("Sysctls", BodyParts.Map(service.Sysctls));
        host.Set("Ulimits", BodyParts.Ulimits(service.Ulimits));
        host.Set("ShmSize", service.ShmSize);
        if (service.Init is { } init)
        {
            host["Init"] = init;
        }

        if (service.Logging is { } logging)
        {
            host["LogConfig"] = new JsonObject { ["Type"] = logging.Driver ?? "", ["Config"] = BodyParts.Map(logging.Options) };
        }

        Privileges(host, application, service);
        Limits(host, service.Limits);
        return host;
    }

    private static void Privileges(JsonObject host, Application application, Service service)
    {
        host.Set("DeviceRequests", MountParts.DeviceRequests(service));
        host.Set("DeviceCgroupRules", BodyParts.List(service.DeviceCgroupRules));
        host.Set("Runtime", service.Runtime);
        host.Set("CgroupParent", service.CgroupParent);
        host.Set("Annotations", BodyParts.Map(service.Annotations));
        host.Set("StorageOpt", BodyParts.Map(service.StorageOptions));
        host.Set("CapAdd", BodyParts.List(service.CapAdd));
        host.Set("CapDrop", BodyParts.List(service.CapDrop));
        host.SetTrue("Privileged", service.Privileged);
        host.Set("SecurityOpt", BodyParts.List(service.SecurityOptions));
        host.SetTrue("ReadonlyRootfs", service.ReadOnly);
        host.Set("PidMode", Mode(application, service.Pid));
        host.Set("IpcMode", Mode(application, service.Ipc));
        host.Set("UTSMode", service.Uts);
        host.Set("UsernsMode", service.UserNamespace);
        host.Set("CgroupnsMode", service.CgroupNamespace);
    }

    private static void Limits(JsonObject host, ResourceLimits limits)
    {
        host.Set("Memory", limits.Memory);
        host.Set("MemoryReservation", limits.MemoryReservation);
        host.Set("MemorySwap", limits.MemorySwap);
        host.Set("NanoCpus", limits.NanoCpus);
        host.Set("CpusetCpus", limits.CpuSet);
        host.Set("CpuShares", limits.CpuShares);
        host.Set("PidsLimit", limits.Pids);
        host.Set("OomScoreAdj", limits.OomScoreAdjustment);
        host.SetTrue("OomKillDisable", limits.OomKillDisable);
        host.Set("MemorySwappiness", limits.MemorySwappiness);
        host.Set("CpuPeriod", limits.CpuPeriod);
        host.Set("CpuQuota", limits.CpuQuota);
        host.Set("CpuRealtimePeriod", limits.CpuRealtimePeriod);
        host.Set("CpuRealtimeRuntime", limits.CpuRealtimeRuntime);
        host.Set("BlkioWeight", limits.BlockIo?.Weight);
        foreach (var list in limits.BlockIo?.Rates.GroupBy(rate => rate.List, StringComparer.Ordinal) ?? [])
        {
            host[list.Key] = new JsonArray([.. list.Select(rate => (JsonNode?)new JsonObject { ["Path"] = rate.Path, [rate.Member] = rate.Value })]);
        }
    }

    /// <summary>
    /// Another service's namespace by the name of its container, which the engine looks up when the container is made;
    /// it keeps the id.
    /// </summary>
    private static string? Mode(Application application, string? mode) =>
        ServiceLinks.Named(mode) is { } name ? $"container:{application[name]!.ContainerName}" : mode;

    /// <summary>The service is known by its own name, its container's, and what else the document says.</summary>
    private static JsonObject Endpoint(Application application, Service service, NetworkAttachment use)
    {
        var json = new JsonObject
        {
            ["Aliases"] = BodyParts.List(use.Aliases.Prepend(service.ContainerName).Prepend(service.Name).Distinct(StringComparer.Ordinal)),
        };
        json.Set("Links", BodyParts.List(service.Links.Select(link => $"{application[link.Service]!.ContainerName}:{link.Alias}")));
        var addresses = new JsonObject();
        addresses.Set("IPv4Address", use.Ipv4);
        addresses.Set("IPv6Address", use.Ipv6);
        addresses.Set("LinkLocalIPs", BodyParts.List(use.LinkLocal));
        json.Set("IPAMConfig", addresses);
        return json;
    }

    private static NetworkDefinition Network(Application application, NetworkAttachment use) =>
        application.Networks.First(network => network.Key == use.Network);
}
