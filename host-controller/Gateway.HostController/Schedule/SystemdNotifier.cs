using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Gateway.HostController.Schedule;

/// <summary>Tells systemd how we are (sd_notify(3)): one datagram per message to <c>$NOTIFY_SOCKET</c>; nothing without it.</summary>
internal sealed class SystemdNotifier : IDisposable
{
    private readonly Socket? socket;

    private SystemdNotifier(Socket? socket, TimeSpan? watchdog)
    {
        this.socket = socket;
        Watchdog = watchdog;
    }

    /// <summary>How often systemd wants to hear from us at least; null when it does not.</summary>
    public TimeSpan? Watchdog { get; }

    /// <summary>From the environment systemd gives, whose variables are read with <paramref name="variable"/>.</summary>
    public static SystemdNotifier Create(Func<string, string?> variable)
    {
        var address = variable("NOTIFY_SOCKET");
        if (string.IsNullOrEmpty(address) || address[0] is not ('/' or '@'))
        {
            return new SystemdNotifier(null, null);
        }

        // Whoever does not read for so long shall not hold up a cycle, let alone our end.
        var opened = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { SendTimeout = 2000 };
        try
        {
            // '@' stands for the zero byte that abstract names begin with.
            opened.Connect(new UnixDomainSocketEndPoint(address[0] == '@' ? "\0" + address[1..] : address));
            return new SystemdNotifier(opened, WatchdogOf(variable));
        }
        catch (SocketException)
        {
            opened.Dispose();
            return new SystemdNotifier(null, null);
        }
    }

    public void Ready() => Send("READY=1");

    public void Stopping() => Send("STOPPING=1");

    public void Alive() => Send("WATCHDOG=1");

    /// <summary>One line for <c>systemctl status</c>.</summary>
    public void Status(string line) => Send($"STATUS={line}");

    public void Dispose() => socket?.Dispose();

    private static TimeSpan? WatchdogOf(Func<string, string?> variable)
    {
        var isForUs = variable("WATCHDOG_PID") is not { Length: > 0 } pid || pid == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        return isForUs && long.TryParse(variable("WATCHDOG_USEC"), CultureInfo.InvariantCulture, out var microseconds) && microseconds > 0
            ? TimeSpan.FromMicroseconds(microseconds)
            : null;
    }

    private void Send(string message)
    {
        try
        {
            socket?.Send(Encoding.UTF8.GetBytes(message));
        }
        catch (SocketException)
        {
            // systemd is being restarted, or its queue is full: the next message tells the same.
            return;
        }
    }
}
