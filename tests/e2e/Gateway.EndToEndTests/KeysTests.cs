using Gateway.Core.Processes;

namespace Gateway.EndToEndTests;

/// <summary>Signing keys change, and nobody touches the gateway.</summary>
[Collection("gateway")]
public sealed class KeysTests(RunningGateway gateway)
{
    private const string Package = "gateway-keys";

    [Fact]
    public async Task A_key_that_the_gateway_does_not_know_comes_with_the_package_that_brings_the_keys()
    {
        await using var machine = await gateway.MachineAsync();
        await OfferAsync(1, gateway.Site.PublicKey);
        await machine.RunAsync("apt-get", "-q", "update");
        await machine.RunAsync("apt-get", "-q", "-y", "install", Package);
        await machine.ShellAsync($"rm /etc/gateway/trusted.d/operator.gpg; printf '\\nkey_package: {Package}\\n' >>/etc/gateway/host-controller.yaml");

        var (second, secondKey) = await gateway.Site.SecondKeyAsync();
        await gateway.PublishAsync(gateway.Tasks("- copy: {dest: /root/seen, content: second}", RunningGateway.SupervisorTask(gateway.Supervisor)), second);
        await machine.UntilAsync("the package is asked for", TimeSpan.FromMinutes(4), $"journalctl --no-pager -u gateway-host-controller | grep -q 'upgrading {Package}'");
        Assert.False((await machine.TryAsync("test", "-e", "/root/seen")).IsSuccess, "it was applied before its key was there");

        await OfferAsync(2, [.. gateway.Site.PublicKey, .. secondKey]);
        await machine.UntilAsync("the playbook by the new key", TimeSpan.FromMinutes(6), "grep -q second /root/seen");
        await gateway.PublishAsync(gateway.Tasks("- copy: {dest: /root/seen, content: first}", RunningGateway.SupervisorTask(gateway.Supervisor)));
        await machine.UntilAsync("the next one by the old key", TimeSpan.FromMinutes(4), "grep -q first /root/seen");
        await RunningGateway.RunsAsync(machine);
    }

    private async Task OfferAsync(int version, byte[] keys)
    {
        var tree = Directory.CreateTempSubdirectory($"{Package}-").FullName;
        try
        {
            foreach (var folder in new[] { "DEBIAN", "etc/gateway/trusted.d" })
            {
                Directory.CreateDirectory(Path.Combine(tree, folder));
            }

            await File.WriteAllTextAsync(Path.Combine(tree, "DEBIAN/control"), $"Package: {Package}\nVersion: {version}\nArchitecture: all\nMaintainer: Site <site@example.com>\nDescription: signing keys of the site\n");
            await File.WriteAllBytesAsync(Path.Combine(tree, $"etc/gateway/trusted.d/{Package}.gpg"), keys);
            var deb = Path.Combine(gateway.Site.WorkFolder, $"{Package}_{version}_all.deb");
            var built = await ProcessRunner.RunAsync(new ProcessRequest("dpkg-deb", ["--root-owner-group", "-Znone", "--build", tree, deb]), CancellationToken.None);
            Assert.True(built.IsSuccess, built.StandardError);
            await gateway.Site.OfferPackageAsync(deb);
        }
        finally
        {
            Directory.Delete(tree, recursive: true);
        }
    }
}
