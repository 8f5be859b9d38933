using System.Text;
using Gateway.Core.Engine;
using Gateway.Core.Registry;

namespace Gateway.UnitTests.Core.Registry;

public sealed class RegistryCredentialsTests
{
    [Fact]
    public void Logins_are_found_by_registry_in_every_form_that_docker_writes()
    {
        var packed = Convert.ToBase64String(Encoding.UTF8.GetBytes("ann:se:cret"));
        var credentials = RegistryCredentials.Parse(
            Encoding.UTF8.GetBytes($$$"""
                {"auths": {
                    "registry.example.com": {"auth": "{{{packed}}}"},
                    "https://other.example.com:5000/v2/": {"username": "bob", "password": "pw"},
                    "https://index.docker.io/v1/": {"auth": "", "identitytoken": "tok"}},
                 "credsStore": "desktop"}
                """),
            "auth.json").Value;

        Assert.Equal(new RegistryAuth("ann", "se:cret", "registry.example.com"), credentials.For("registry.example.com"));
        Assert.Equal(new RegistryAuth("bob", "pw", "other.example.com:5000"), credentials.For("other.example.com:5000"));
        Assert.Equal(("tok", "https://index.docker.io/v1/"), (credentials.For("docker.io")!.IdentityToken, credentials.For("docker.io")!.ServerAddress));
        Assert.Null(credentials.For("example.com"));
    }

    [Theory]
    [InlineData("""{"auths": {"r": {"auth": "se%cret"}}}""")]
    [InlineData("""{"auths": {"r": {"username": "secret"}}}""")]
    [InlineData("""{"auths": {"r": {}}}""")]
    [InlineData("""{"auths": ["secret"]}""")]
    [InlineData("""{"secret": 1}""")]
    [InlineData("""secret""")]
    [InlineData("")]
    public void What_is_not_understood_is_told_without_quoting_it(string text)
    {
        var wrong = RegistryCredentials.Parse(Encoding.UTF8.GetBytes(text), "auth.json").Failure;

        Assert.StartsWith("auth.json: ", wrong.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("cret", wrong.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_login_does_not_show_its_secret_when_it_is_printed() =>
        Assert.DoesNotContain("tok", new RegistryAuth("u", "tok", "r") { IdentityToken = "tok" }.ToString(), StringComparison.Ordinal);
}
