using Gateway.Playbooks.Modules;

namespace Gateway.HostController.Policy;

/// <summary>Which paths a change writes to.</summary>
internal static class ChangedPaths
{
    /// <summary>The paths, and whether a link there is followed by the change.</summary>
    public static IEnumerable<(string Path, bool Follows)> Of(Change change) => change switch
    {
        WriteFile write => [(write.Path, false)],
        CopyFile copy => [(copy.Path, false)],
        Download download => [(download.Path, true)],
        SendRequest { Path: { } path } => [(path, true)],
        CreateFile file => [(file.Path, true)],
        CreateTemporary temporary => [($"{temporary.Folder ?? "/tmp"}/{temporary.Prefix}", false)],
        CreateDirectory folder => [(folder.Path, false)],
        CopyFolder copy => [(copy.Path, false)],
        CreateLink link => [(link.Path, false)],
        // Through another name the file itself can be changed.
        CreateHardLink link => [(link.Path, false), (link.Target, true)],
        RemovePath remove => [(remove.Path, false)],
        SetMode mode => [(mode.Path, true)],
        SetOwner owner => [(owner.Path, owner.Follow)],
        SetAttributes attributes => attributes.Paths.Select(path => (path, false)),
        SetTimes times => [(times.Path, true)],
        _ => [],
    };
}
