using Gateway.Ctl.Commands;
using Gateway.Ctl.Output;

namespace Gateway.UnitTests.Ctl;

public class CommandLineTests
{
    [Theory]
    [InlineData("gatewayctl: there is no command 'pubish'; see gatewayctl --help", "pubish", "desired.yaml")]
    [InlineData("gatewayctl: there is no option '--frob'; see gatewayctl --help", "--frob")]
    [InlineData("gatewayctl: Required command was not provided; see gatewayctl --help")]
    [InlineData("gatewayctl: Required argument 'FILE' missing for command: 'lint'; see gatewayctl lint --help", "lint")]
    [InlineData("gatewayctl: 'b' is one argument too many; see gatewayctl status --help", "status", "b")]
    public async Task A_mistyped_line_is_told_in_one_line_and_ends_with_1(string says, params string[] line)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var shell = new Shell(new Terminal(output, error, Styled: false), _ => null, TimeProvider.System);

        Assert.Equal(1, await CommandLine.RunAsync(line, shell));
        Assert.Equal(says, error.ToString().TrimEnd('\n'));
        Assert.Equal("", output.ToString());
    }
}
