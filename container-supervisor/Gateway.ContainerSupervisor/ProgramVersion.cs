using System.Reflection;

namespace Gateway.ContainerSupervisor;

/// <summary>This program's version, from the one place it is written (<c>Directory.Build.props</c>).</summary>
internal static class ProgramVersion
{
    public static string Text { get; } =
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";
}
