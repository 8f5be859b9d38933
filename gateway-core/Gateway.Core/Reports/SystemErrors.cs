using System.ComponentModel;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;

namespace Gateway.Core.Reports;

/// <summary>
/// What the system says of an error. The programs are built without the runtime's own texts (UseSystemResourceKeys), whose exceptions
/// then say <c>IO_PathNotFound_Path</c>: a user reads strerror(3) instead.
/// </summary>
public static class SystemErrors
{
    private const int NoSuchFile = 2;
    private const int PermissionDenied = 13;
    private const int NameTooLong = 36;
    private const int LargestNumber = 4095;

    /// <summary>The error's number (errno(3)); null when the system did not give one.</summary>
    public static int? Number(Exception error) => error switch
    {
        FileNotFoundException or DirectoryNotFoundException => NoSuchFile,
        PathTooLongException => NameTooLong,
        UnauthorizedAccessException => error.InnerException is { } inner ? Number(inner) ?? PermissionDenied : PermissionDenied,
        SocketException => null,
        Win32Exception system => system.NativeErrorCode,
        IOException { HResult: > 0 and <= LargestNumber } file => file.HResult,
        _ => null,
    };

    /// <summary>The error in the system's words, without the path; what is not the system's says what it says.</summary>
    public static string Text(Exception error) => error switch
    {
        HttpRequestException or HttpIOException => OfConnection(error),
        AuthenticationException => "the certificate is not accepted",
        JsonException => OfJson((JsonException)error),
        _ => Number(error) is { } number ? Describe(number) : !IsKey(error.Message) || error.InnerException is not { } inner ? error.Message : Text(inner),
    };

    /// <summary>As Python prints it: <c>[Errno 2] No such file or directory</c>.</summary>
    public static string Numbered(Exception error) => Number(error) is { } number ? $"[Errno {number}] {Describe(number)}" : Text(error);

    private static string Describe(int number) => new Win32Exception(number).Message;

    /// <summary>Whether a text is one of the runtime's keys: they hold no space before their first comma.</summary>
    private static bool IsKey(string text) => !text.Split(',')[0].Contains(' ', StringComparison.Ordinal);

    private static string OfConnection(Exception error) => error.InnerException is { } inner
        ? Text(inner)
        : ((error as HttpRequestException)?.HttpRequestError ?? (error as HttpIOException)?.HttpRequestError) switch
        {
            HttpRequestError.ResponseEnded => "the answer ended too early",
            HttpRequestError.NameResolutionError => "the name is not known",
            HttpRequestError.SecureConnectionError => "no secure connection",
            HttpRequestError.InvalidResponse => "the answer is not HTTP",
            HttpRequestError.Unknown or null => "the connection broke off",
            var other => other.ToString()!,
        };

    private static string OfJson(JsonException error) => error.LineNumber is { } line
        ? $"not valid JSON at line {line + 1}, byte {error.BytePositionInLine + 1}"
        : error.Message.Contains(' ', StringComparison.Ordinal) ? error.Message : "not valid JSON";
}
