namespace Gateway.HostController.Failsafe;

/// <summary>Notices that a container ends again and again, by how often the engine has restarted it from look to look.</summary>
internal sealed class RestartWatch
{
    private const int MostInARow = 3;
    private const int ManyRestarts = 5;
    private string container = "";
    private int count;
    private int risen;

    /// <summary>Whether it was not restarted since the last look.</summary>
    public bool IsSettled => risen == 0;

    /// <summary>Takes in one look; whether it loops.</summary>
    /// <param name="id">The container.</param>
    /// <param name="restarts">How often the engine restarted it so far.</param>
    /// <param name="isBetween">Whether it is between two restarts at the moment.</param>
    public bool See(string id, int restarts, bool isBetween)
    {
        risen = id == container && restarts > count ? risen + 1 : 0;
        (container, count) = (id, restarts);
        return risen >= MostInARow || (isBetween && restarts >= ManyRestarts);
    }
}
