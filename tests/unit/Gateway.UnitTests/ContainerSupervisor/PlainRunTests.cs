using Gateway.ContainerSupervisor.Commands;

namespace Gateway.UnitTests.ContainerSupervisor;

public sealed class PlainRunTests
{
    private const string Default = "/etc/gateway/supervisor.yaml";

    [Theory]
    [InlineData("", Default, false)]
    [InlineData("run", Default, false)]
    [InlineData("run --verbose", Default, true)]
    [InlineData("--config a.yaml run", "a.yaml", false)]
    [InlineData("run --config a.yaml --verbose", "a.yaml", true)]
    public void Plain_spellings_of_run_need_no_parser(string line, string file, bool verbose) =>
        Assert.Equal((file, verbose), PlainRun.Request(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    [Theory]
    [InlineData("--help")]
    [InlineData("run --help")]
    [InlineData("apply x.yaml")]
    [InlineData("--config")]
    [InlineData("run --config --verbose")]
    [InlineData("run --config=a.yaml")]
    [InlineData("lock")]
    public void Everything_else_goes_to_the_parser(string line) => Assert.Null(PlainRun.Request(line.Split(' ')));
}
