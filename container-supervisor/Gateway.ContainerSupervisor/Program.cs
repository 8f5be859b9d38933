namespace Gateway.ContainerSupervisor;

internal static class Program
{
    private static int Main() => 0;
}
