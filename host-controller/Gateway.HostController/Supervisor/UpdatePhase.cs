using System.Text.Json.Serialization;

namespace Gateway.HostController.Supervisor;

/// <summary>The action of an update that is under way. Each can be repeated, so after a cut it is simply done again.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<UpdatePhase>))]
internal enum UpdatePhase
{
    /// <summary>None: the current release is in place.</summary>
    Idle,

    /// <summary>Bringing the image here. Nothing is touched yet.</summary>
    Fetch,

    /// <summary>Making sure that a copy of the image to go back to lies outside the engine. Nothing is touched yet.</summary>
    Archive,

    /// <summary>Running the image once. Nothing is touched yet.</summary>
    SmokeTest,

    /// <summary>Making the new container beside the old one. Nothing is touched yet.</summary>
    Create,

    /// <summary>Clearing away a candidate that never came into place.</summary>
    DropCandidate,

    /// <summary>Stopping the old container, which is kept.</summary>
    StopOld,

    /// <summary>Renaming the old container.</summary>
    SetAside,

    /// <summary>Renaming the new container to the supervisor's name.</summary>
    PutInPlace,

    /// <summary>Starting the new container.</summary>
    Start,

    /// <summary>Watching it: healthy in time, and stays so.</summary>
    Probation,

    /// <summary>It did not pass: removing it.</summary>
    RemoveNew,

    /// <summary>Renaming the old container back.</summary>
    BringBack,

    /// <summary>Starting the old container.</summary>
    StartOld,

    /// <summary>Committed or gone back: removing what nobody needs any more.</summary>
    CleanUp,
}
