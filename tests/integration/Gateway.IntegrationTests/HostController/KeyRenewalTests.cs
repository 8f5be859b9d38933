using System.Text;
using Play = Gateway.IntegrationTests.HostController.GatewayUnderTest;

namespace Gateway.IntegrationTests.HostController;

/// <summary>Signing keys that have expired: renewed from the key server, by their fingerprint, and by nothing else.</summary>
public sealed class KeyRenewalTests
{
    private static readonly DateTimeOffset Then = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A gateway whose only key expired in 2020; a playbook signed with it while it was good.</summary>
    private static async Task<(GatewayUnderTest Gateway, string Key)> ExpiredAsync(string server)
    {
        var gateway = await Play.CreateAsync();
        var key = await gateway.Operator.MakeKeyAsync("old@example.com", expires: "30d", at: Then);
        await gateway.TrustAsync(await gateway.Operator.ExportAsync(key));
        await gateway.ConfigureAsync($"key_server: '{gateway.Server.Url(server).Replace("%7B", "{", StringComparison.Ordinal).Replace("%7D", "}", StringComparison.Ordinal)}'");
        var playbook = Encoding.UTF8.GetBytes(Play.Playbook(1, "renewed"));
        gateway.Server.Put("pb.yml", playbook).Put("pb.yml.asc", await gateway.Operator.SignAsync(playbook, key, Then.AddDays(1)));
        return (gateway, key);
    }

    [Fact]
    public async Task An_expired_key_is_renewed_from_the_server_and_the_playbook_let_in()
    {
        var (gateway, key) = await ExpiredAsync("keys/{fingerprint}.asc");
        await using var _ = gateway;
        Assert.Contains("expired", await gateway.CycleAsync(3), StringComparison.Ordinal);
        Assert.Null(gateway.Target);

        await gateway.Operator.RunAsync(["--quick-set-expire", key, "0"]);
        gateway.Server.Put($"keys/{key}.asc", await gateway.Operator.ExportAsync(key, "--armor"));
        Assert.Contains("renewed", await gateway.CycleAsync(0), StringComparison.Ordinal);
        Assert.Equal("renewed", gateway.Target);
        Assert.True(File.Exists(gateway.At($"etc/gateway/trusted.d/renewed-{key}.gpg")));
    }

    [Fact]
    public async Task What_was_accepted_stays_in_force_when_its_key_has_expired_and_not_when_that_was_revoked()
    {
        var (gateway, key) = await ExpiredAsync("nothing");
        await using var _ = gateway;
        var expired = await gateway.Operator.ExportAsync(key);
        await gateway.Operator.RunAsync(["--quick-set-expire", key, "0"]);
        await gateway.TrustAsync(await gateway.Operator.ExportAsync(key));
        await gateway.CycleAsync(0);

        await gateway.TrustAsync(expired);
        await File.WriteAllTextAsync(gateway.At("target/file"), "drifted");
        Assert.Contains("expired", await gateway.CycleAsync(3), StringComparison.Ordinal);
        Assert.Equal("renewed", gateway.Target);

        await gateway.Operator.RunAsync(["--import"], await gateway.Operator.RevocationAsync(key));
        await gateway.TrustAsync(await gateway.Operator.ExportAsync(key));
        await File.WriteAllTextAsync(gateway.At("target/file"), "drifted");
        Assert.Contains("revoked", await gateway.CycleAsync(3), StringComparison.Ordinal);
        Assert.Equal("drifted", gateway.Target);
    }

    [Fact]
    public async Task A_signature_by_a_new_subkey_is_found_out_from_the_server()
    {
        await using var gateway = await Play.CreateAsync();
        await gateway.ConfigureAsync($"key_server: '{gateway.Server.Url("keys/{fingerprint}.asc").Replace("%7B", "{", StringComparison.Ordinal).Replace("%7D", "}", StringComparison.Ordinal)}'");
        await gateway.Operator.RunAsync(["--batch", "--pinentry-mode", "loopback", "--passphrase", "", "--quick-add-key", gateway.Key, "ed25519", "sign", "1y"]);
        await gateway.PublishAsync(Play.Playbook(1, "by a subkey"));
        Assert.Contains("is not trusted", await gateway.CycleAsync(3), StringComparison.Ordinal);
        Assert.Null(gateway.Target);

        gateway.Server.Put($"keys/{gateway.Key}.asc", await gateway.Operator.ExportAsync(gateway.Key, "--armor"));
        // An unknown key is worth a question every six hours.
        await gateway.CycleAsync(3);
        File.SetLastWriteTimeUtc(gateway.At("var/lib/gateway/host-controller/keys-asked-unknown"), DateTime.UtcNow.AddHours(-7));
        await gateway.CycleAsync(0);
        Assert.Equal("by a subkey", gateway.Target);
    }

    [Fact]
    public async Task A_good_key_is_asked_for_once_a_day_in_case_it_was_revoked()
    {
        await using var gateway = await Play.CreateAsync();
        await gateway.ConfigureAsync($"key_server: '{gateway.Server.Url("keys")}'");
        await gateway.PublishAsync(Play.Playbook(1, "good"));
        int Asked() => gateway.Server.Requests.Count(seen => seen.Path.StartsWith("/keys", StringComparison.Ordinal));
        await gateway.CycleAsync(0);
        await gateway.CycleAsync(0);
        Assert.Equal(1, Asked());

        File.SetLastWriteTimeUtc(gateway.At("var/lib/gateway/host-controller/keys-asked-daily"), DateTime.UtcNow.AddHours(-25));
        await gateway.CycleAsync(0);
        Assert.Equal(2, Asked());
    }

    [Fact]
    public async Task A_server_can_slip_nobody_in()
    {
        var (gateway, key) = await ExpiredAsync("keys/{fingerprint}.asc");
        await using var _ = gateway;
        var stranger = await gateway.Operator.MakeKeyAsync("stranger@example.com");
        gateway.Server.Put($"keys/{key}.asc", await gateway.Operator.ExportAsync(stranger, "--armor"));
        Assert.Contains("is not the key", await gateway.CycleAsync(3), StringComparison.Ordinal);

        // Beside the right one it is left out as well.
        await gateway.Operator.RunAsync(["--quick-set-expire", key, "0"]);
        gateway.Server.Put($"keys/{key}.asc", [.. await gateway.Operator.ExportAsync(key), .. await gateway.Operator.ExportAsync(stranger)]);
        await gateway.CycleAsync(0);
        var playbook = Encoding.UTF8.GetBytes(Play.Playbook(2, "evil"));
        gateway.Server.Put("pb.yml", playbook).Put("pb.yml.asc", await gateway.Operator.SignAsync(playbook, stranger));
        await gateway.CycleAsync(3);
        Assert.Equal("renewed", gateway.Target);
    }

    [Fact]
    public async Task A_captive_portal_or_nothing_at_all_changes_nothing()
    {
        var (gateway, key) = await ExpiredAsync("keys/{fingerprint}.asc");
        await using var _ = gateway;
        gateway.Server.Put($"keys/{key}.asc", "<html>log in</html>", "text/html");
        await gateway.CycleAsync(3);
        Assert.Single(Directory.GetFiles(gateway.At("etc/gateway/trusted.d")));
    }
}
