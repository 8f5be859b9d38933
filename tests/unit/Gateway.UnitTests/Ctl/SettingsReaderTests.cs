using System.Text;
using Gateway.Core.Reports;
using Gateway.Core.Yaml;
using Gateway.Ctl.Broker;
using Gateway.Ctl.Settings;

namespace Gateway.UnitTests.Ctl;

public class SettingsReaderTests
{
    [Fact]
    public void Paths_are_of_the_home_or_of_the_files_folder()
    {
        var settings = Parse("broker: b:1883\nca: ca.pem\nhome: ~/keys\ntrusted: /srv/trusted\nsigning_key: ABCD\n").Value;

        Assert.Equal(new BrokerAddress("b", 1883), settings.Broker);
        Assert.Equal("/etc/op/ca.pem", settings.Ca);
        Assert.Equal("/home/ann/keys", settings.Home);
        Assert.Equal("/srv/trusted", settings.Trusted);
        Assert.Equal("ABCD", settings.SigningKey);
    }

    [Fact]
    public void Everything_wrong_is_told_at_once_with_its_place()
    {
        var failures = Parse("broker: 'a b'\nbrokr: x\n").Failures;

        Assert.Equal(2, failures.Length);
        Assert.All(failures, failure => Assert.Equal(Phase.Configuration, failure.Phase));
        Assert.Contains(failures, failure => failure.ToString().StartsWith("/etc/op/gatewayctl.yaml:1:9: 'a b' is not a broker's address", StringComparison.Ordinal));
        Assert.Contains(failures, failure => failure.ToString().Contains(":2:1: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Options_win_over_what_is_read()
    {
        var settings = new CtlSettings { Ca = "mine" }.Or(new CtlSettings { Ca = "theirs", Key = "k" });

        Assert.Equal(("mine", "k"), (settings.Ca, settings.Key));
    }

    [Fact]
    public void A_named_file_that_is_absent_is_a_failure_and_the_users_own_is_not()
    {
        Assert.False(SettingsReader.Read("/nonexistent/x.yaml", _ => null).IsSuccess);
        Assert.True(SettingsReader.Read(null, _ => null).IsSuccess);
    }

    private static Result<CtlSettings> Parse(string text) =>
        SettingsReader.Parse(new SourceText("/etc/op/gatewayctl.yaml", Encoding.UTF8.GetBytes(text)), name => name == "HOME" ? "/home/ann" : null);
}
