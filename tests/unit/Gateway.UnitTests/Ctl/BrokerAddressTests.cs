using Gateway.Ctl.Broker;

namespace Gateway.UnitTests.Ctl;

public class BrokerAddressTests
{
    [Theory]
    [InlineData("broker.example.com", "broker.example.com", 8883)]
    [InlineData("broker.example.com:1883", "broker.example.com", 1883)]
    [InlineData("[::1]:1883", "::1", 1883)]
    [InlineData("[::1]", "::1", 8883)]
    public void Hosts_with_and_without_port_are_read(string text, string host, int port)
    {
        Assert.True(BrokerAddress.TryParse(text, out var address));
        Assert.Equal(new BrokerAddress(host, port), address);
    }

    [Theory]
    [InlineData("")]
    [InlineData(":1883")]
    [InlineData("host:")]
    [InlineData("host:0")]
    [InlineData("host:65536")]
    [InlineData("host:-1")]
    [InlineData("a:b:c")]
    [InlineData("[::1")]
    [InlineData("mqtt://host")]
    [InlineData("ho st")]
    public void Anything_else_is_refused(string text) => Assert.False(BrokerAddress.TryParse(text, out _));
}
