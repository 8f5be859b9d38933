using Gateway.Ctl.Commands;
using Gateway.Ctl.Output;

namespace Gateway.Ctl;

internal static class Program
{
    private static Task<int> Main(string[] arguments) => CommandLine.RunAsync(arguments, new Shell(Terminal.Own(), Environment.GetEnvironmentVariable, TimeProvider.System));
}
