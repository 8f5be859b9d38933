using System.Text.RegularExpressions;
using Gateway.Core.Processes;
using Gateway.IntegrationTests.Fixtures;

namespace Gateway.IntegrationTests.Packaging;

/// <summary>Our .deb files: those of <c>make deb</c>, and others built around the same programs.</summary>
public static class Packages
{
    /// <summary>The package that <c>make deb</c> left.</summary>
    public static string Built(string name)
    {
        var files = Directory.Exists(Repository.At("out/deb")) ? Directory.GetFiles(Repository.At("out/deb"), $"{name}_*.deb") : [];
        return files is [var file] ? file : throw new InvalidOperationException($"out/deb holds {files.Length} packages of {name}, not one: run make deb (after make clean)");
    }

    /// <summary>A package that is one of ours but for its version and what is given.</summary>
    /// <param name="deb">Ours.</param>
    /// <param name="output">The file that is made.</param>
    /// <param name="version">Its version.</param>
    /// <param name="program">A shell script in the place of the host controller; null for the real one.</param>
    /// <param name="postinst">A shell script in the place of the package's own; null for that.</param>
    public static async Task VariantAsync(string deb, string output, string version, string? program = null, string? postinst = null)
    {
        var tree = Directory.CreateTempSubdirectory("deb-variant-").FullName;
        try
        {
            await RunAsync("dpkg-deb", "--raw-extract", deb, tree);
            var control = Path.Combine(tree, "DEBIAN/control");
            await File.WriteAllTextAsync(control, Regex.Replace(await File.ReadAllTextAsync(control), "(?m)^Version: .*$", $"Version: {version}"));
            await ReplaceAsync(Path.Combine(tree, "usr/bin/host-controller"), program);
            await ReplaceAsync(Path.Combine(tree, "DEBIAN/postinst"), postinst);
            await RunAsync("dpkg-deb", "--root-owner-group", "-Znone", "--build", tree, output);
        }
        finally
        {
            Directory.Delete(tree, recursive: true);
        }
    }

    private static async Task ReplaceAsync(string file, string? script)
    {
        if (script is not null)
        {
            await File.WriteAllTextAsync(file, $"#!/bin/sh\n{script}\n");
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        var outcome = await ProcessRunner.RunAsync(new ProcessRequest(program, [.. arguments]), CancellationToken.None);
        Assert.True(outcome.IsSuccess, outcome.StandardError);
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
