using System.Net.Sockets;
using Gateway.Core.Bundles;
using Gateway.Core.Reports;
using Gateway.Core.State;
using Gateway.Core.Yaml;
using Gateway.HostController.Configuration;
using Gateway.HostController.Fetch;
using Gateway.HostController.Supervisor;

namespace Gateway.HostController.Doctor;

/// <summary>Whether each configured service can be reached from here: playbook, key server, the supervisor's broker and registry, and where packages come from.</summary>
internal static class ReachabilityChecks
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>
    /// All findings about other machines. One that cannot be reached is a problem: nothing new arrives. A source of packages is
    /// a warning: apt may have others.
    /// </summary>
    public static async Task<Finding[]> RunAsync(HostPaths paths, HostConfiguration configuration, CancellationToken cancellation)
    {
        var checks = new List<Task<Finding>>();
        foreach (var address in configuration.PlaybookUrl?.For(configuration.Identity) ?? [])
        {
            checks.Add(BundleArchive.IsNamed(address.Document.AbsolutePath) ? BundleAsync(address.Document, cancellation) : PlaybookAsync(address.Document, cancellation));
        }

        if (configuration.KeyServer is { } server)
        {
            var (name, at) = KeyServer(server);
            checks.Add(ConnectAsync("key server", name, at, Verdict.Problem, cancellation));
        }

        if (Broker(paths.On("/etc/gateway/supervisor.yaml")) is var (host, port))
        {
            checks.Add(ConnectAsync("broker", host, port, Verdict.Problem, cancellation));
        }

        if (new SupervisorStore(StatePaths.Supervisor(paths, configuration)).Load() is { IsSuccess: true, Value.Current.Image: { } image } && Registry(image) is var (registry, door))
        {
            checks.Add(ConnectAsync("registry", registry, door, Verdict.Problem, cancellation));
        }

        var sources = paths.IsMachine ? await PackageSources.ListAsync(cancellation) : new PackageSources([], null);
        checks.AddRange(sources.Hosts.Select(source => ConnectAsync(PackageSources.Check, source.Host, source.Port, Verdict.Warning, cancellation)));
        return [.. await Task.WhenAll(checks), .. sources.Remark is { } remark ? [remark] : Array.Empty<Finding>()];
    }

    /// <summary>Where keys are asked for.</summary>
    internal static (string Host, int Port) KeyServer(Uri server)
    {
        var address = KeyRenewal.AddressOf(server, "");
        return (address.IdnHost, address.Port);
    }

    /// <summary>Host and port of the registry in an image's reference; null for one that names none.</summary>
    internal static (string Host, int Port)? Registry(string image)
    {
        var first = image.Split('/', 2) is [var name, _] ? name : "";
        if (!first.Contains('.', StringComparison.Ordinal) && !first.Contains(':', StringComparison.Ordinal) && first != "localhost")
        {
            return null;
        }

        return first.LastIndexOf(':') is > 0 and var colon && int.TryParse(first[(colon + 1)..], out var port) ? (first[..colon], port) : (first, 443);
    }

    /// <summary>The broker in the supervisor's configuration; null where there is none.</summary>
    internal static (string Host, int Port)? Broker(string file)
    {
        if (AtomicFile.ReadIfThere(file, SourceText.LargestDocument) is not { IsSuccess: true, Value: { } content } || !YamlReader.Read(new SourceText(file, content)).TryGet(out var root, out _))
        {
            return null;
        }

        List<Failure> ignored = [];
        var mqtt = YamlFields.Open(root, "", ignored).Node("mqtt") is { } node ? YamlFields.Open(node, "", ignored) : null;
        return mqtt?.Text("host") is not { } host ? null
            : (host, int.TryParse(mqtt.Text("port"), out var port) ? port : mqtt.Node("ca") is null && mqtt.Node("cert") is null ? 1883 : 8883);
    }

    private static async Task<Finding> PlaybookAsync(Uri url, CancellationToken cancellation)
    {
        using var downloader = new Downloader(Patience);
        var got = await downloader.GetAsync(new DownloadRequest(url, SourceText.LargestDocument, Validators.None, DownloadKind.Document), cancellation);
        return got.TryGet(out var download, out var failures)
            ? new Finding("playbook", Verdict.Ok, $"{url}: {download.Content?.Length} bytes")
            : new Finding("playbook", Verdict.Problem, failures[0].ToString());
    }

    /// <summary>A bundle may be large: its beginning tells enough.</summary>
    private static async Task<Finding> BundleAsync(Uri url, CancellationToken cancellation)
    {
        using var downloader = new Downloader(Patience);
        var looked = url.IsFile
            ? BundleStore.Look(url.LocalPath, url.LocalPath).Then<long?>(length => length)
            : await downloader.Bundles("").LookAsync(url, cancellation);
        return looked.TryGet(out var length, out var failures)
            ? new Finding("playbook", Verdict.Ok, $"{url}: a bundle{(length is null ? "" : $" of {length} bytes")}")
            : new Finding("playbook", Verdict.Problem, failures[0].ToString());
    }

    private static async Task<Finding> ConnectAsync(string what, string host, int port, Verdict otherwise, CancellationToken cancellation)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        time.CancelAfter(Patience);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(host, port, time.Token);
            return new Finding(what, Verdict.Ok, $"{host}:{port} can be reached");
        }
        catch (SocketException wrong)
        {
            return new Finding(what, otherwise, OneLine.Of($"{host}:{port} cannot be reached: {SystemErrors.Text(wrong)}"));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new Finding(what, otherwise, $"{host}:{port} does not answer within {Patience.TotalSeconds:0} s");
        }
    }
}
