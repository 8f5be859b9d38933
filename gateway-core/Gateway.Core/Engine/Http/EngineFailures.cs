using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Gateway.Core.Reports;

namespace Gateway.Core.Engine;

/// <summary>What the engine's refusals mean.</summary>
internal static class EngineFailures
{
    /// <summary>From an answer that is an error.</summary>
    public static Failure FromStatus(EngineCall call, HttpStatusCode status, string message)
    {
        var kind = status switch
        {
            HttpStatusCode.NotFound => FailureKind.NotFound,
            HttpStatusCode.Conflict => FailureKind.Conflict,
            HttpStatusCode.ServiceUnavailable => FailureKind.Unavailable,
            >= HttpStatusCode.InternalServerError => KindOf(message),
            _ => FailureKind.Refused,
        };
        var said = message.Length > 0 ? message : $"answered {(int)status} without a reason";
        return new Failure(call.Phase, call.Subject, $"the Docker engine says: {OneLine.Of(said)}", IsRetryable(status, kind)) { Kind = kind };
    }

    /// <summary>From an error line inside a stream that began well.</summary>
    public static Failure FromStream(EngineCall call, string message)
    {
        var kind = KindOf(message);
        return new Failure(call.Phase, call.Subject, $"the Docker engine says: {OneLine.Of(message)}", kind is FailureKind.Other or FailureKind.DiskFull) { Kind = kind };
    }

    public static Failure NotAnswering(EngineCall call, string socketPath, Exception reason)
    {
        var why = reason is HttpRequestException { InnerException: { } inner } ? inner : reason;
        var message = why is SocketException socket
            ? socket.SocketErrorCode switch
            {
                SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported => "there is no such socket",
                SocketError.ConnectionRefused => "nobody listens there",
                SocketError.AccessDenied => "access denied: it takes root or the group docker",
                _ => OneLine.Of(socket.Message),
            }
            : OneLine.Of(why.Message);
        return new Failure(call.Phase, call.Subject, $"the Docker engine does not answer at {socketPath}: {message}; see `systemctl status docker`", Retryable: true)
        {
            Kind = FailureKind.Unavailable,
        };
    }

    public static Failure TimedOut(EngineCall call, TimeSpan timeout) =>
        new(call.Phase, call.Subject, $"the Docker engine gave no answer within {timeout.TotalSeconds:0.#} s", Retryable: true) { Kind = FailureKind.TimedOut };

    public static Failure Unreadable(EngineCall call, JsonException reason) =>
        new(call.Phase, call.Subject, $"the Docker engine's answer is not what its API promises: {OneLine.Of(SystemErrors.Text(reason))}");

    public static Failure TooLong(EngineCall call, long limit) =>
        new(call.Phase, call.Subject, $"the Docker engine's answer is longer than {limit} bytes");

    public static Failure BrokenOff(EngineCall call, string reason) =>
        new(call.Phase, call.Subject, $"the Docker engine broke off its answer: {OneLine.Of(reason)}", Retryable: true) { Kind = FailureKind.Unavailable };

    /// <summary>An argument that cannot be sent.</summary>
    public static Failure BadArgument(Phase phase, string subject, string message) => new(phase, subject, message) { Kind = FailureKind.Refused };

    private static FailureKind KindOf(string message)
    {
        if (message.Contains("no space left on device", StringComparison.OrdinalIgnoreCase))
        {
            return FailureKind.DiskFull;
        }

        if (message.Contains("manifest unknown", StringComparison.OrdinalIgnoreCase) || message.Contains("not found", StringComparison.OrdinalIgnoreCase))
        {
            return FailureKind.NotFound;
        }

        return message.Contains("unauthorized", StringComparison.OrdinalIgnoreCase) || message.Contains("denied", StringComparison.OrdinalIgnoreCase)
            ? FailureKind.Refused
            : FailureKind.Other;
    }

    private static bool IsRetryable(HttpStatusCode status, FailureKind kind) =>
        status >= HttpStatusCode.InternalServerError && kind is FailureKind.Other or FailureKind.Unavailable or FailureKind.DiskFull;
}
