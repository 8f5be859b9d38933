using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Gateway.UnitTests.Fuzz;

/// <summary>
/// What reading a text costs. Time is that of the reading thread's processor, so a busy machine does not count. Memory
/// is what is alive at the worst moment: never more than all that was allocated, so only where that is more than
/// allowed the reading is done again while another thread collects and measures.
/// </summary>
/// <param name="Seconds">Processor time.</param>
/// <param name="Megabytes">Most that was alive at a time, or an upper bound of it.</param>
/// <param name="Exception">What it threw, or null.</param>
internal sealed partial record Cost(double Seconds, double Megabytes, Exception? Exception)
{
    public const double MostSeconds = 1;
    public const double MostMegabytes = 64;

    private const int Stack = 1024 * 1024;

    public bool IsTooMuch => Exception is not null || Seconds > MostSeconds || Megabytes > MostMegabytes;

    public static Cost Of(Action work)
    {
        var first = Once(work);
        if (first.Exception is null && first.Seconds > MostSeconds)
        {
            // The first time it may have been compiled as well.
            first = Once(work) with { Megabytes = first.Megabytes };
        }

        return first.Exception is null && first.Megabytes > MostMegabytes ? first with { Megabytes = Alive(work) } : first;
    }

    private static Cost Once(Action work)
    {
        var cost = new Cost(0, 0, null);
        Run(() =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var start = ThreadSeconds();
            Exception? thrown = null;
            try
            {
                work();
            }
            catch (Exception e)
            {
                thrown = e;
            }

            cost = new Cost(ThreadSeconds() - start, (GC.GetAllocatedBytesForCurrentThread() - before) / 1048576.0, thrown);
        }).Join();
        return cost;
    }

    private static double Alive(Action work)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var most = 0L;
        var thread = Run(work);
        do
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
            most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: false) - before);
        }
        while (!thread.Join(TimeSpan.FromMilliseconds(5)));
        return most / 1048576.0;
    }

    /// <summary>On a stack no larger than the supervisor's threads have: nesting must not end the process.</summary>
    private static Thread Run(Action work)
    {
        var thread = new Thread(() => work(), Stack);
        thread.Start();
        return thread;
    }

    private static double ThreadSeconds()
    {
        const int ThreadClock = 3;
        return clock_gettime(ThreadClock, out var time) == 0 ? time.Seconds + (time.Nanoseconds / 1e9) : Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
    }

    [DllImport("libc", SetLastError = false)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int clock_gettime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
