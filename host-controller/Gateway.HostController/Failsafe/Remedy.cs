using System.Text.Json.Serialization;

namespace Gateway.HostController.Failsafe;

/// <summary>Everything the failsafe can do. None needs a network; each can be repeated.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Remedy>))]
internal enum Remedy
{
    /// <summary>Remove downloaded packages from apt's cache.</summary>
    CleanPackageCache,

    /// <summary>Remove images without a tag that no container uses; the supervisor's images have tags.</summary>
    RemoveUnusedImages,

    /// <summary>Cut the journal down.</summary>
    ShrinkJournal,

    /// <summary>Remove rotated log files.</summary>
    RemoveOldLogs,

    /// <summary>Start or restart Docker's unit.</summary>
    RestartEngine,

    /// <summary>Kill Docker with its containerd, then start it.</summary>
    KillEngine,

    /// <summary>Go on with an interrupted update of the supervisor.</summary>
    ResumeUpdate,

    /// <summary>Put the container that was set aside back into place and start it.</summary>
    BringBack,

    /// <summary>Start the supervisor's container.</summary>
    StartSupervisor,

    /// <summary>Let it go on.</summary>
    UnpauseSupervisor,

    /// <summary>Stop and start it.</summary>
    RestartSupervisor,

    /// <summary>Remove its container and make it anew from the committed image.</summary>
    RecreateSupervisor,

    /// <summary>Load the committed image from the archive.</summary>
    LoadArchive,

    /// <summary>Load the committed image from the archive and make the container anew.</summary>
    RestoreSupervisor,

    /// <summary>Put the release before in the committed one's place.</summary>
    GoBack,

    /// <summary>Make a copy of the committed image outside the engine.</summary>
    KeepArchive,

    /// <summary>Finish what dpkg was interrupted in.</summary>
    RepairPackages,
}
