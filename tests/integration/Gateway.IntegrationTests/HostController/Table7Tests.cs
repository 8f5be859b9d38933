using System.Text;
using Play = Gateway.IntegrationTests.HostController.GatewayUnderTest;

namespace Gateway.IntegrationTests.HostController;

/// <summary>The rows "Host Controller" of the Flex4Grid thesis's Table 7, under their names. Table 9 names them once more, as "Playbook validation tests".</summary>
public sealed class Table7Tests
{
    /// <summary>"The downloaded Ansible playbook not valid or its signature cannot be verified": the playbook is ignored.</summary>
    [Theory]
    [InlineData("not YAML", 4)]
    [InlineData("unknown module", 4)]
    [InlineData("altered after signing", 3)]
    [InlineData("signed by a stranger", 3)]
    [InlineData("unsigned", 3)]
    public async Task Playbook_not_valid(string how, int status)
    {
        await using var gateway = await Play.CreateAsync();
        await gateway.PublishAsync(Play.Playbook(1, "good"));
        await gateway.CycleAsync(0);
        File.Delete(gateway.At("target/file"));
        var bad = how switch
        {
            "not YAML" => "- hosts: [all\n",
            "unknown module" => Play.Playbook(2, "bad").Replace("copy:", "copi:", StringComparison.Ordinal),
            _ => Play.Playbook(2, "bad"),
        };
        await gateway.PublishAsync(bad, key: how == "signed by a stranger" ? await gateway.Operator.MakeKeyAsync("stranger@example.com") : null);
        if (how == "altered after signing")
        {
            gateway.Server.Put("pb.yml", bad.Replace("bad", "worse", StringComparison.Ordinal));
        }
        else if (how == "unsigned")
        {
            gateway.Server.Remove("pb.yml.asc");
        }

        await gateway.CycleAsync(status);

        // Ignored: the one before is in force, and is applied again.
        Assert.Equal("good", gateway.Target);
        using var told = await gateway.StatusAsync();
        Assert.Equal(1, told.RootElement.GetProperty("playbooks")[0].GetProperty("serial").GetInt64());
    }

    /// <summary>"The locally stored OpenPGP public key, used to verify the Ansible Playbook, is expired": the key is updated from a key server.</summary>
    [Fact]
    public async Task Playbook_signing_key_expired()
    {
        var then = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
        await using var gateway = await Play.CreateAsync();
        var key = await gateway.Operator.MakeKeyAsync("old@example.com", expires: "30d", at: then);
        await File.WriteAllBytesAsync(gateway.At("etc/gateway/trusted.d/operator.gpg"), await gateway.Operator.ExportAsync(key));
        await gateway.ConfigureAsync($"key_server: '{gateway.Server.Url("keys/")}{{fingerprint}}.asc'");
        var playbook = Encoding.UTF8.GetBytes(Play.Playbook(1, "renewed"));
        gateway.Server.Put("pb.yml", playbook).Put("pb.yml.asc", await gateway.Operator.SignAsync(playbook, key, then.AddDays(1)));

        // Nobody has prolonged it yet: refused, and looked for.
        Assert.Contains("expired", await gateway.CycleAsync(3), StringComparison.Ordinal);
        Assert.Contains(gateway.Server.Requests, request => request.Path == $"/keys/{key}.asc");

        await gateway.Operator.RunAsync(["--quick-set-expire", key, "0"]);
        gateway.Server.Put($"keys/{key}.asc", await gateway.Operator.ExportAsync(key, "--armor"));
        await gateway.CycleAsync(0);
        Assert.Equal("renewed", gateway.Target);
    }
}
