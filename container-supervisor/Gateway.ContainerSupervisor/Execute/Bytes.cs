using System.Globalization;

namespace Gateway.ContainerSupervisor.Execute;

/// <summary>Amounts of bytes in messages.</summary>
internal static class Bytes
{
    public const long Mebi = 1024 * 1024;

    /// <summary>Whole mebibytes, rounded up.</summary>
    public static string Mib(long bytes) => ((bytes + Mebi - 1) / Mebi).ToString(CultureInfo.InvariantCulture);
}
