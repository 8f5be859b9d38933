namespace Gateway.EndToEndTests.Machines;

/// <summary>A machine stopped in the middle of its life, memory and disk; as many go on from there as are wanted.</summary>
/// <param name="Image">What it was booted from.</param>
/// <param name="Folder">Holds its disk and its memory.</param>
public sealed record FrozenMachine(MachineImage Image, string Folder) : IDisposable
{
    internal string Disk => Path.Combine(Folder, "disk.qcow2");

    internal string Memory => Path.Combine(Folder, "memory");

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
