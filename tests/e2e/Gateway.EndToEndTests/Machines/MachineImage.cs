using Gateway.Core.Processes;
using Gateway.IntegrationTests.Fixtures;

namespace Gateway.EndToEndTests.Machines;

/// <summary>
/// A Debian that has never been booted, made by <c>tests/e2e/machine-image.sh</c> and kept in <c>out/e2e</c> until that
/// script changes. Machines never write to it.
/// </summary>
public sealed record MachineImage
{
    private MachineImage(Emulator emulator, string folder) => (Emulator, Folder) = (emulator, folder);

    internal Emulator Emulator { get; }

    internal string Folder { get; }

    internal string Disk => Path.Combine(Folder, "disk.img");

    /// <summary>The image of a suite, made now if it is not there.</summary>
    /// <param name="machine">What runs it: <c>uml</c>, <c>qemu</c>; empty for the usual.</param>
    /// <param name="suite">Of Debian; empty for the usual.</param>
    public static async Task<MachineImage> OfAsync(string? machine, string? suite)
    {
        var emulator = Emulator.Of(machine);
        var made = await ProcessRunner.RunAsync(
            new ProcessRequest(Repository.At("tests", "e2e", "machine-image.sh"), [emulator.Name, suite ?? ""]) { Timeout = TimeSpan.FromMinutes(20) },
            CancellationToken.None);
        Assert.True(made.IsSuccess, $"machine-image.sh {emulator.Name} {suite}: {made.StandardOutput}{made.StandardError}");
        return new MachineImage(emulator, made.StandardOutput.Split('\n')[0]);
    }
}
