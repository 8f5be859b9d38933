using System.Text;
using Gateway.IntegrationTests.Fixtures;
using Play = Gateway.IntegrationTests.HostController.GatewayUnderTest;

namespace Gateway.IntegrationTests.HostController;

/// <summary>Everything that servers and networks do to a fetch; after each the last good playbook is in force.</summary>
public sealed class FetchTests
{
    [Fact]
    public async Task An_unchanged_playbook_is_not_sent_again_and_verified_all_the_same()
    {
        await using var gateway = await Play.CreateAsync();
        await gateway.PublishAsync(Play.Playbook(1, "one"));
        await gateway.CycleAsync(0);
        await gateway.CycleAsync(0);
        Assert.Equal([200, 200, 304, 304], gateway.Server.Requests.Select(request => request.Status));

        // Without the key the copy on disk is worth nothing.
        File.Delete(gateway.At("etc/gateway/trusted.d/operator.gpg"));
        await gateway.CycleAsync(3);
    }

    [Fact]
    public async Task A_copy_on_disk_that_somebody_changed_is_fetched_anew()
    {
        await using var gateway = await Play.CreateAsync();
        await gateway.PublishAsync(Play.Playbook(1, "one"));
        await gateway.CycleAsync(0);
        var copy = gateway.At("var/lib/gateway/host-controller/fetched/playbook.json");
        var bytes = Convert.ToBase64String(Encoding.UTF8.GetBytes(Play.Playbook(1, "evil")));
        var text = await File.ReadAllTextAsync(copy);
        await File.WriteAllTextAsync(copy, System.Text.RegularExpressions.Regex.Replace(text, "\"content\":\"[^\"]*\"", $"\"content\":\"{bytes}\"", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)));
        await gateway.CycleAsync(0, "--force");
        Assert.Equal("one", gateway.Target);
    }

    [Fact]
    public async Task Errors_that_pass_are_tried_again()
    {
        await using var gateway = await Play.CreateAsync();
        await gateway.PublishAsync(Play.Playbook(1, "one"));
        gateway.Server.Fail("pb.yml", new HttpFault.Status(503), 1).Fail("pb.yml.asc", new HttpFault.Reset(), 1);
        var log = await gateway.CycleAsync(0);
        Assert.Contains("trying again", log, StringComparison.Ordinal);
        Assert.Equal("one", gateway.Target);
    }

    [Fact]
    public async Task A_playbook_and_signature_caught_while_republished_are_fetched_once_more()
    {
        await using var gateway = await Play.CreateAsync();
        await gateway.PublishAsync(Play.Playbook(1, "one"));
        await gateway.CycleAsync(0);
        var newer = Encoding.UTF8.GetBytes(Play.Playbook(2, "two"));
        var signature = await gateway.Operator.SignAsync(newer, gateway.Key);
        gateway.Server.Put("pb.yml", newer);
        var cycle = gateway.CycleAsync(0);
        await gateway.UntilAsync(() => gateway.Server.Requests.Count(request => request.Path == "/pb.yml.asc") == 2, "the old signature is fetched");
        gateway.Server.Put("pb.yml.asc", signature);
        await cycle;
        Assert.Equal("two", gateway.Target);
    }

    [Theory]
    [InlineData("endless", 4, "larger than")]
    [InlineData("portal", 5, "sign in")]
    [InlineData("missing", 5, "there is no playbook")]
    [InlineData("forbidden", 5, "403")]
    [InlineData("loop", 5, "redirected")]
    [InlineData("file", 5, "redirected")]
    public async Task What_is_not_a_playbook_is_refused_and_the_last_good_one_stays(string what, int status, string why)
    {
        await using var gateway = await Play.CreateAsync();
        await gateway.PublishAsync(Play.Playbook(1, "one"));
        await gateway.CycleAsync(0);
        File.Delete(gateway.At("target/file"));
        gateway.Server.Fail("pb.yml", what switch
        {
            "endless" => new HttpFault.Endless(),
            "portal" => new HttpFault.CaptivePortal(),
            "forbidden" => new HttpFault.Status(403),
            "loop" => new HttpFault.Redirect("/pb.yml"),
            "file" => new HttpFault.Redirect("file:///etc/passwd"),
            _ => new HttpFault.Status(404),
        });
        var log = await gateway.CycleAsync(status);
        Assert.Contains(why, log, StringComparison.Ordinal);
        Assert.Equal("one", gateway.Target);
    }

    [Fact]
    public async Task A_server_that_never_answers_costs_fetch_timeout_and_no_more()
    {
        await using var gateway = await Play.CreateAsync();
        await File.WriteAllTextAsync(gateway.At("etc/gateway/host-controller.yaml"), $"gateway_id: gw-1\nplaybook_url: {gateway.Server.Url("pb.yml")}\nfetch_timeout: 3\n");
        gateway.Server.Fail("*", new HttpFault.Hang());
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var log = await gateway.CycleAsync(5);
        Assert.Contains("fetch_timeout", log, StringComparison.Ordinal);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(8), $"{watch.Elapsed}");
    }

    [Fact]
    public async Task Without_a_network_the_accepted_playbook_is_applied_again()
    {
        await using var gateway = await Play.CreateAsync();
        await gateway.PublishAsync(Play.Playbook(1, "one"));
        await gateway.CycleAsync(0);
        File.Delete(gateway.At("target/file"));
        gateway.Server.Dispose();
        var log = await gateway.CycleAsync(5);
        Assert.Contains("stays in force", log, StringComparison.Ordinal);
        Assert.Equal("one", gateway.Target);
    }

    [Fact]
    public async Task A_missing_signature_is_a_refusal_and_one_that_cannot_be_fetched_is_not()
    {
        await using var gateway = await Play.CreateAsync();
        await gateway.PublishAsync(Play.Playbook(1, "one"));
        gateway.Server.Fail("pb.yml.asc", new HttpFault.Status(404));
        Assert.Contains("there is no signature", await gateway.CycleAsync(3), StringComparison.Ordinal);
        gateway.Server.Fail("pb.yml.asc", new HttpFault.Status(403));
        await gateway.CycleAsync(5);
        Assert.Null(gateway.Target);
    }

    [Fact]
    public async Task Each_group_has_its_own_playbook_and_serials_and_the_first_group_has_the_last_word()
    {
        await using var gateway = await Play.CreateAsync();
        await gateway.ConfigureAsync(url: "{group}.yml");
        var configuration = await File.ReadAllTextAsync(gateway.At("etc/gateway/host-controller.yaml"));
        await File.WriteAllTextAsync(gateway.At("etc/gateway/host-controller.yaml"), configuration.Replace("[beta]", "[beta, base]", StringComparison.Ordinal));
        await gateway.PublishAsync(Play.Playbook(7, "beta", "'group:beta'"), "beta.yml");
        await gateway.PublishAsync(Play.Playbook(3, "base"), "base.yml");
        await gateway.CycleAsync(0);
        Assert.Equal("beta", gateway.Target);
        using var status = await gateway.StatusAsync();
        var streams = status.RootElement.GetProperty("playbooks").EnumerateArray().ToDictionary(stream => stream.GetProperty("stream").GetString()!, stream => stream.GetProperty("serial").GetInt64());
        Assert.Equal(7, streams["playbook:beta"]);
        Assert.Equal(3, streams["playbook:base"]);
    }
}
