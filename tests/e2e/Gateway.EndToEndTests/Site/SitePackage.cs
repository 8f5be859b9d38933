using Gateway.Core.Processes;

namespace Gateway.EndToEndTests.Site;

/// <summary>A package of an operator's own: many files that all tell its version, so that a torn upgrade can be seen, and a script that takes its time.</summary>
public static class SitePackage
{
    public const string Name = "site-tools";
    private const int Files = 60;

    /// <summary>Prints the versions that lie on a machine; one line when the package is whole.</summary>
    public const string Versions = "cat /usr/share/site-tools/* /var/lib/site-tools/configured | sort -u";

    /// <summary>Builds it; the file.</summary>
    public static async Task<string> BuildAsync(string folder, int version)
    {
        var tree = Directory.CreateTempSubdirectory("site-tools-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(tree, "DEBIAN"));
            Directory.CreateDirectory(Path.Combine(tree, "usr/share", Name));
            for (var i = 0; i < Files; i++)
            {
                await File.WriteAllTextAsync(Path.Combine(tree, "usr/share", Name, $"{i}"), $"{version}\n");
            }

            await File.WriteAllTextAsync(Path.Combine(tree, "DEBIAN/control"), $"Package: {Name}\nVersion: {version}\nArchitecture: all\nMaintainer: Site <site@example.com>\nDescription: tools of the site\n");
            var script = Path.Combine(tree, "DEBIAN/postinst");
            await File.WriteAllTextAsync(script, $"#!/bin/sh\nset -e\nmkdir -p /var/lib/{Name}\nsleep 2\necho {version} >/var/lib/{Name}/configured\n");
            File.SetUnixFileMode(script, (UnixFileMode)0b111_101_101);
            var deb = Path.Combine(folder, $"{Name}_{version}_all.deb");
            // The same bytes each time: a machine's lists name their hash.
            var built = await ProcessRunner.RunAsync(new ProcessRequest("env", ["SOURCE_DATE_EPOCH=1767225600", "dpkg-deb", "--root-owner-group", "-Znone", "--build", tree, deb]), CancellationToken.None);
            Assert.True(built.IsSuccess, built.StandardError);
            return deb;
        }
        finally
        {
            Directory.Delete(tree, recursive: true);
        }
    }
}
