using System.Security.Cryptography;
using Gateway.Core.Processes;
using Gateway.IntegrationTests.Fixtures;

namespace Gateway.EndToEndTests.Machines;

/// <summary>
/// A Debian that has never been booted, made by <c>tests/e2e/machine-image.sh</c> and kept in <c>out/e2e</c> until that
/// script changes. Machines never write to it: each has an overlay of its own.
/// </summary>
public sealed record MachineImage(string Folder)
{
    private static readonly SemaphoreSlim One = new(1);

    public string Disk => Path.Combine(Folder, "disk.img");

    public string Kernel => Path.Combine(Folder, "vmlinuz");

    public string Initrd => Path.Combine(Folder, "initrd.img");

    /// <summary>The image of a suite, made now if it is not there.</summary>
    public static async Task<MachineImage> OfAsync(string suite)
    {
        var script = Repository.At("tests", "e2e", "machine-image.sh");
        var version = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(script)))[..12];
        var image = new MachineImage(Repository.At("out", "e2e", $"{suite}-{version}"));
        await One.WaitAsync();
        try
        {
            // The disk is put there last.
            if (!File.Exists(image.Disk))
            {
                var made = await ProcessRunner.RunAsync(new ProcessRequest(script, [suite, image.Folder]) { Timeout = TimeSpan.FromMinutes(15) }, CancellationToken.None);
                Assert.True(made.IsSuccess, $"machine-image.sh {suite}: {made.StandardOutput}{made.StandardError}");
            }

            return image;
        }
        finally
        {
            One.Release();
        }
    }
}
