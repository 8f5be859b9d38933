using Gateway.Core.Reports;

namespace Gateway.Core.Processes;

/// <summary>After work, when it is quiet again, gives back the memory that the work took: for programs that mostly wait.</summary>
/// <param name="told">Told why it could not be given back.</param>
public sealed class MemoryKeeper(Action<Failure> told)
{
    /// <summary>Bytes allocated since the last time that make it worth it.</summary>
    private const long Work = 2 * 1024 * 1024;

    /// <summary>Bytes allocated since the last look that mean that work goes on.</summary>
    private const long Quiet = 256 * 1024;

    /// <summary>More than a look at the clock takes: a round or a status brought pages of code in again.</summary>
    private const long Little = 64 * 1024;

    /// <summary>The first time after work lets go of the heap, the second of code that was not needed since.</summary>
    private const int Times = 2;

    private readonly OwnMemory memory = new();
    private long released;
    private long let;
    private long seen;
    private int left = Times;

    /// <summary>To be called every few seconds.</summary>
    public void Look()
    {
        var now = GC.GetTotalAllocatedBytes();
        var quiet = now - seen < Quiet;
        left = now - released >= Work ? Times : left;
        seen = now;
        if (!quiet || (left == 0 && now - let < Little))
        {
            return;
        }

        var done = left > 0 ? memory.Release() : memory.ReleasePages();
        if (!done.IsSuccess)
        {
            told(done.Failure);
        }

        seen = let = GC.GetTotalAllocatedBytes();
        if (left > 0)
        {
            left--;
            released = let;
        }
    }
}
