using Gateway.Core.Processes;
using Gateway.IntegrationTests.Fixtures;

namespace Gateway.IntegrationTests.Packaging;

/// <summary>Our .deb files: those of <c>make deb</c>, and others built around the same programs.</summary>
internal static class Packages
{
    /// <summary>The package that <c>make deb</c> left.</summary>
    public static string Built(string name)
    {
        var files = Directory.Exists(Repository.At("out/deb")) ? Directory.GetFiles(Repository.At("out/deb"), $"{name}_*.deb") : [];
        return files is [var file] ? file : throw new InvalidOperationException($"out/deb holds {files.Length} packages of {name}, not one: run make deb (after make clean)");
    }

    /// <summary>Builds the packages anew into a folder.</summary>
    /// <param name="output">Where they go.</param>
    /// <param name="version">Null for the project's own.</param>
    /// <param name="architecture">As Debian names it.</param>
    public static Task<ProcessOutcome> BuildAsync(string output, string? version = null, string architecture = "amd64") => ProcessRunner.RunAsync(
        new ProcessRequest(Repository.At("packaging/debian/build.sh"), [architecture, output])
        {
            Timeout = TimeSpan.FromMinutes(10),
            Environment = new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["VERSION"] = version,
                // make deb has asked it already.
                ["LINTIAN"] = "true",
                ["DEB_COMPRESSION"] = "none",
                ["SOURCE_DATE_EPOCH"] = "1767225600",
            },
        },
        CancellationToken.None);
}
