namespace Gateway.HostController.Failsafe;

/// <summary>Notices that a container ends again and again, quickly or slowly, by how often the engine has restarted it from look to look.</summary>
internal sealed class RestartWatch(TimeProvider clock)
{
    private const int MostInARow = 3;
    private const int ManyRestarts = 5;
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(15);
    private readonly Queue<(long At, int Count)> looks = new();
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
        // The engine counts anew once somebody has started it by hand.
        if (id != container || restarts < count)
        {
            looks.Clear();
        }

        risen = id == container && restarts > count ? risen + 1 : 0;
        (container, count) = (id, restarts);
        looks.Enqueue((clock.GetTimestamp(), restarts));
        while (clock.GetElapsedTime(looks.Peek().At) > Memory)
        {
            looks.Dequeue();
        }

        return risen >= MostInARow || restarts - looks.Peek().Count >= ManyRestarts || (isBetween && restarts >= ManyRestarts);
    }
}
