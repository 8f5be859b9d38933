using Gateway.Playbooks.Expressions;

namespace Gateway.UnitTests.Playbooks.Expressions;

/// <summary>Examples of ansible.utils' documentation, which ansible-core does not ship.</summary>
public sealed class AddressFilterTests
{
    [Theory]
    [InlineData("'192.168.144.5' | ipsubnet", "192.168.144.5/32")]
    [InlineData("'192.168.0.0/16' | ipsubnet", "192.168.0.0/16")]
    [InlineData("'192.168.0.0/16' | ipsubnet(20)", "16")]
    [InlineData("'192.168.0.0/16' | ipsubnet(20, 0)", "192.168.0.0/20")]
    [InlineData("'192.168.0.0/16' | ipsubnet(20, -1)", "192.168.240.0/20")]
    [InlineData("'192.168.144.5' | ipsubnet(20)", "192.168.144.0/20")]
    [InlineData("'192.168.144.5' | ipsubnet(18, 0)", "192.168.128.0/18")]
    [InlineData("'192.168.144.5' | ipsubnet(18, -1)", "192.168.144.4/31")]
    [InlineData("'192.168.144.5' | ipsubnet('192.168.0.0/16')", "36870")]
    [InlineData("'192.168.144.5' | ipsubnet('192.168.144.0/24')", "6")]
    [InlineData("'192.168.144.1/30' | ipsubnet('192.168.144.0/24')", "1")]
    [InlineData("'192.168.144.16/30' | ipsubnet('192.168.144.0/24')", "5")]
    [InlineData("'10.0.0.0/8' | nthhost(305)", "10.0.1.49")]
    [InlineData("'10.0.0.0/8' | nthhost(-1)", "10.255.255.255")]
    [InlineData("'192.0.2.0/24' | ipaddr('1')", "192.0.2.1/24")]
    [InlineData("'192.0.2.0/24' | ipaddr(-1)", "192.0.2.255/24")]
    [InlineData("'192.0.2.1/24' | ipaddr('address')", "192.0.2.1")]
    [InlineData("'192.0.2.0/24' | ipaddr('address')", "None")]
    [InlineData("'192.0.2.1/24' | ipaddr('subnet')", "192.0.2.0/24")]
    [InlineData("'192.0.2.1/24' | ipaddr('network')", "192.0.2.0")]
    [InlineData("'192.0.2.1/24' | ipaddr('netmask')", "255.255.255.0")]
    [InlineData("'192.0.2.1/24' | ipaddr('broadcast')", "192.0.2.255")]
    [InlineData("'192.0.2.0/24' | ipaddr('size')", "256")]
    [InlineData("'192.0.2.0/24' | ipaddr('range_usable')", "192.0.2.1-192.0.2.254")]
    [InlineData("'192.0.2.0/31' | ipaddr('first_usable')", "192.0.2.0")]
    [InlineData("'192.0.2.1/24' | ipaddr('gateway')", "192.0.2.1/24")]
    [InlineData("'192.0.2.0/24' | ipaddr('gateway')", "False")]
    [InlineData("'192.0.2.1/30' | ipaddr('peer')", "192.0.2.2")]
    [InlineData("'192.168.1.5' | ipaddr('int')", "3232235781")]
    [InlineData("'192.168.1.5/16' | ipaddr('int')", "3232235781/16")]
    [InlineData("'192.168.1.5' | ipaddr('192.168.0.0/16')", "192.168.1.5")]
    [InlineData("'192.168.1.5' | ipaddr('10.0.0.0/8')", "None")]
    [InlineData("'192.168.1.5' | ipaddr('private')", "192.168.1.5")]
    [InlineData("'192.168.1.5' | ipaddr('public')", "None")]
    [InlineData("'8.8.8.8' | ipaddr('public')", "8.8.8.8")]
    [InlineData("'10.0.0.1' | ipaddr('revdns')", "1.0.0.10.in-addr.arpa.")]
    [InlineData("'2001:db8::1/64' | ipaddr('wrap')", "[2001:db8::1]/64")]
    [InlineData("'::ffff:192.0.2.1' | ipaddr('ipv4')", "192.0.2.1/32")]
    [InlineData("'not an address' | ipaddr", "False")]
    [InlineData("'fe80::1' | ipv4", "False")]
    [InlineData("['1.2.3.4', 'x', 'fe80::1'] | ipv4", "['1.2.3.4']")]
    public void An_example_gives_what_the_documentation_says(string expression, string expected) =>
        Assert.Equal(expected, new Templar().Evaluate(expression, Cases.At, Cases.Variables).Value.ToString());
}
