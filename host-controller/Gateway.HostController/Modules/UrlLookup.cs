using System.Text;
using Gateway.Core.Reports;

namespace Gateway.HostController.Modules;

/// <summary>The <c>url</c> lookup: one small text over http or https.</summary>
internal static class UrlLookup
{
    private const int Largest = 1024 * 1024;

    public static Result<string> Get(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            return new Failure(Phase.Apply, address, "is no http or https address");
        }

        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10), MaxResponseContentBufferSize = Largest };
        try
        {
            using var response = Task.Run(() => client.GetAsync(url)).GetAwaiter().GetResult();
            return response.IsSuccessStatusCode
                ? Encoding.UTF8.GetString(Task.Run(() => response.Content.ReadAsByteArrayAsync()).GetAwaiter().GetResult())
                : new Failure(Phase.Apply, address, $"Received HTTP error for {address} : HTTP Error {(int)response.StatusCode}");
        }
        catch (Exception wrong) when (wrong is HttpRequestException or TaskCanceledException or IOException)
        {
            return new Failure(Phase.Apply, address, $"Failed lookup url for {address} : {SystemErrors.Text(wrong)}");
        }
    }
}
