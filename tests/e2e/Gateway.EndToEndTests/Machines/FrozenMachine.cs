namespace Gateway.EndToEndTests.Machines;

/// <summary>A machine switched off at some moment of its life; as many go on from its disk as are wanted.</summary>
/// <param name="Image">What it was booted from.</param>
/// <param name="Folder">Holds its disk.</param>
public sealed record FrozenMachine(MachineImage Image, string Folder) : IDisposable
{
    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
