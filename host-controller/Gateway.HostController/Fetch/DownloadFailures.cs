using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Gateway.Core.Reports;

namespace Gateway.HostController.Fetch;

/// <summary>Says why a download failed, what to do, and whether trying again may help.</summary>
internal static class DownloadFailures
{
    /// <summary>The document or signature is larger than allowed.</summary>
    public static Failure TooLarge(DownloadRequest request) => request.Kind == DownloadKind.Signature
        ? new Failure(Phase.Verify, request.Name, $"the signature is larger than {request.Limit} bytes: sign with gatewayctl sign, which writes one armored block")
        : new Failure(Phase.Parse, request.Name, $"the document is larger than {request.Limit} bytes: split it, or fetch large files by a task");

    /// <summary>There is nothing at the address.</summary>
    public static Failure Absent(DownloadRequest request) => request.Kind == DownloadKind.Signature
        ? new Failure(Phase.Verify, request.Name, "there is no signature: publish it beside the playbook (gatewayctl sign)")
        : Fetch(request, "there is no playbook: check playbook_url, or publish one");

    /// <summary>The server took too long.</summary>
    public static Failure TimedOut(DownloadRequest request, string what) => Fetch(request, $"timed out {what}", true);

    /// <summary>A redirection that is not followed.</summary>
    public static Failure Redirected(DownloadRequest request, string why) => Fetch(request, $"redirected {why}");

    /// <summary>The network's sign-in page instead of the document.</summary>
    public static Failure CaptivePortal(DownloadRequest request) =>
        Fetch(request, "answered with a web page (text/html) instead of the document: does this network want somebody to sign in first?", true);

    /// <summary>The content came compressed although that was not asked for.</summary>
    public static Failure Encoded(DownloadRequest request, string encoding) =>
        Fetch(request, $"came with Content-Encoding '{OneLine.Of(encoding)}': the server must send it as it is");

    /// <summary>A status that is not success.</summary>
    public static Failure OfStatus(DownloadRequest request, HttpStatusCode status)
    {
        var code = (int)status;
        var advice = code switch
        {
            401 or 403 => ": the server must let anybody read it (the signature protects it)",
            407 => ": the proxy wants a password",
            _ => "",
        };
        return code is 404 or 410 ? Absent(request) : Fetch(request, $"the server answered {code}{advice}", code is 408 or 425 or 429 or >= 500);
    }

    /// <summary>The request failed before or while it was answered.</summary>
    public static Failure OfException(DownloadRequest request, Exception exception) => exception switch
    {
        HttpRequestException { InnerException: AuthenticationException inner } =>
            Fetch(request, $"the server's certificate is not good ({SystemErrors.Text(inner)}): check it, ca-certificates, and this machine's clock"),
        HttpRequestException { InnerException: SocketException socket } => Fetch(request, $"cannot connect: {SystemErrors.Text(socket)}", true),
        HttpRequestException or IOException => Fetch(request, $"the connection failed: {SystemErrors.Text(exception)}", true),
        UnauthorizedAccessException => Fetch(request, "may not be read"),
        _ => throw new InvalidOperationException("not a failure of a download", exception),
    };

    private static Failure Fetch(DownloadRequest request, string message, bool retryable = false) =>
        new(Phase.Fetch, request.Name, OneLine.Of(message), retryable);
}
