using System.Net.Sockets;
using System.Text;
using Gateway.ContainerSupervisor.Configuration;
using Gateway.Core.Reports;
using Gateway.Core.State;
using Gateway.Core.Yaml;

namespace Gateway.ContainerSupervisor.Running;

/// <summary>
/// What <c>health</c> does. It is started every few seconds for ever, so it goes without whatever costs time to load:
/// the engine is asked over a bare socket, and the configuration is read only when it moves the run directory.
/// </summary>
internal static class HealthProbe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The configuration file that is asked for by a command line of nothing but <c>health [--config FILE]</c>; else null.</summary>
    public static string? PlainRequest(string[] arguments) => arguments switch
    {
        ["health"] => SupervisorConfiguration.DefaultFile,
        ["health", "--config", var file] => file,
        _ => null,
    };

    /// <summary>Why the running supervisor is not healthy; null when it is.</summary>
    public static string? Problem(string configurationFile) =>
        !RunDirectory(configurationFile).TryGet(out var folder, out var wrong) ? wrong[0].ToString() : ProblemIn(folder, Environment.TickCount64);

    /// <summary>The same, for the supervisor that works in this folder, at this time since boot.</summary>
    public static string? ProblemIn(string runDirectory, long now) =>
        Heartbeat.Problem(runDirectory, now, out var socket) ?? EngineProblem(socket);

    private static Result<string> RunDirectory(string file)
    {
        if (!AtomicFile.ReadIfThere(file, SourceText.LargestDocument).TryGet(out var bytes, out var wrong))
        {
            return wrong;
        }

        if (bytes is not null && bytes.AsSpan().IndexOf("run_directory"u8) < 0)
        {
            return SupervisorConfiguration.DefaultRunDirectory;
        }

        return ConfigurationReader.ReadFile(file).Then<string>(configuration => configuration.RunDirectory);
    }

    /// <summary>Docker Engine API, <c>GET /_ping</c>.</summary>
    private static string? EngineProblem(string path)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.SendTimeout = socket.ReceiveTimeout = (int)Patience.TotalMilliseconds;
            socket.Connect(new UnixDomainSocketEndPoint(path));
            socket.Send("GET /_ping HTTP/1.0\r\nHost: docker\r\n\r\n"u8);
            Span<byte> answer = stackalloc byte[64];
            var got = 0;
            // "HTTP/1.0 200": twelve bytes tell.
            while (got < 12 && socket.Receive(answer[got..]) is > 0 and var more)
            {
                got += more;
            }

            var line = Encoding.ASCII.GetString(answer[..Math.Min(got, 12)]);
            return line.EndsWith(" 200", StringComparison.Ordinal) ? null : $"{path}: the Docker engine answered '{OneLine.Of(line)}'";
        }
        catch (SocketException e)
        {
            return $"{path}: the Docker engine does not answer: {e.SocketErrorCode}";
        }
    }
}
