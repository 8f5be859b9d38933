namespace Gateway.IntegrationTests.Ctl;

public class SigningTests
{
    [Fact]
    public async Task A_key_made_here_signs_what_its_public_part_verifies()
    {
        await using var desk = new OperatorDesk();
        await desk.MakeKeyAsync();
        var file = await desk.SignedAsync(desk.WriteDesired("desired.yaml", serial: 7));

        var verified = await desk.RunAsync("verify", file, "--trusted", desk.Trusted);

        Assert.True(verified.Exit == 0, verified.All);
        Assert.Contains("Ann Operator <ann@example.com>", verified.Output);
        Assert.Contains("serial   7", verified.Output);
        Assert.Contains("targets  all", verified.Output);
    }

    [Fact]
    public async Task Keygen_leaves_no_private_key_outside_gpgs_home()
    {
        await using var desk = new OperatorDesk();
        await desk.MakeKeyAsync();

        var exported = await File.ReadAllTextAsync(Path.Combine(desk.Trusted, "ann.asc"));

        Assert.StartsWith("-----BEGIN PGP PUBLIC KEY BLOCK-----", exported);
        Assert.DoesNotContain("PRIVATE", exported);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(desk.Home));
    }

    [Fact]
    public async Task Keygen_does_not_replace_a_file_and_makes_no_key_then()
    {
        await using var desk = new OperatorDesk();
        var there = desk.Write("operator.asc", "mine");

        var run = await desk.RunAsync("keygen", "--name", "Ann", "--home", desk.Home, "--no-passphrase", "--output", there);

        Assert.Equal(1, run.Exit);
        Assert.Equal("mine", await File.ReadAllTextAsync(there));
        Assert.False(Directory.Exists(desk.Home));
    }

    [Fact]
    public async Task An_altered_document_is_refused_with_3()
    {
        await using var desk = new OperatorDesk();
        await desk.MakeKeyAsync();
        var file = await desk.SignedAsync(desk.WriteDesired("desired.yaml"));
        await File.AppendAllTextAsync(file, "# more\n");

        var verified = await desk.RunAsync("verify", file, "--trusted", desk.Trusted);

        Assert.Equal(3, verified.Exit);
        Assert.Single(verified.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task An_unsigned_document_is_refused_with_3_and_says_how_to_sign()
    {
        await using var desk = new OperatorDesk();
        await desk.MakeKeyAsync();

        var verified = await desk.RunAsync("verify", desk.WriteDesired("desired.yaml"), "--trusted", desk.Trusted);

        Assert.Equal(3, verified.Exit);
        Assert.Contains("gatewayctl sign", verified.Error);
    }

    [Fact]
    public async Task What_a_gateway_would_refuse_is_not_signed_unless_forced()
    {
        await using var desk = new OperatorDesk();
        await desk.MakeKeyAsync();
        var file = desk.Write("desired.yaml", "release: {serial: 0, expires: soon, targets: [all]}\napplications: {a: {servces: {}}}\n");

        var refused = await desk.RunAsync("sign", file, "--home", desk.Home);
        var wasSigned = File.Exists($"{file}.asc");
        var forced = await desk.RunAsync("sign", file, "--home", desk.Home, "--force");

        Assert.Equal(4, refused.Exit);
        Assert.False(wasSigned);
        Assert.Contains($"{file}:1:", refused.Error);
        Assert.Contains($"{file}:2:", refused.Error);
        Assert.Equal(0, forced.Exit);
        Assert.True(File.Exists($"{file}.asc"));
    }

    [Fact]
    public async Task An_expired_release_is_not_signed()
    {
        await using var desk = new OperatorDesk();
        await desk.MakeKeyAsync();

        var refused = await desk.RunAsync("sign", desk.WriteDesired("desired.yaml", expires: "2020-01-01T00:00:00Z"), "--home", desk.Home);

        Assert.Equal(3, refused.Exit);
        Assert.Contains("expired", refused.Error);
    }

    [Fact]
    public async Task Targets_are_judged_as_a_gateway_would()
    {
        await using var desk = new OperatorDesk();
        await desk.MakeKeyAsync();
        var file = await desk.SignedAsync(desk.WriteDesired("desired.yaml", targets: "group:beta"));

        var inside = await desk.RunAsync("verify", file, "--trusted", desk.Trusted, "--gateway", "gw-1", "--group", "beta");
        var outside = await desk.RunAsync("verify", file, "--trusted", desk.Trusted, "--gateway", "gw-1");

        Assert.Equal(0, inside.Exit);
        Assert.Equal(3, outside.Exit);
    }

    [Fact]
    public async Task Signing_without_a_key_says_how_to_make_one()
    {
        await using var desk = new OperatorDesk();
        Directory.CreateDirectory(desk.Home, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var run = await desk.RunAsync("sign", desk.WriteDesired("desired.yaml"), "--home", desk.Home);

        Assert.Equal(1, run.Exit);
        Assert.Contains("gatewayctl keygen", run.Error);
    }

    [Fact]
    public async Task Release_raises_the_serial_and_keeps_the_rest()
    {
        await using var desk = new OperatorDesk();
        var file = desk.WriteDesired("desired.yaml", serial: 7);
        var before = await File.ReadAllTextAsync(file);

        var run = await desk.RunAsync("release", file);

        Assert.True(run.Exit == 0, run.All);
        Assert.Equal(before.Replace("serial: 7", "serial: 8"), await File.ReadAllTextAsync(file));
    }
}
