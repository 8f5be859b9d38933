using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gateway.Core.Reports;

namespace Gateway.Core.Engine;

/// <summary>One request to the engine.</summary>
/// <param name="Method">GET observes, everything else changes.</param>
/// <param name="Path">With its query, without the version.</param>
/// <param name="Subject">What it is about, for the failure.</param>
internal sealed record EngineCall(HttpMethod Method, string Path, string Subject)
{
    /// <summary>False for what is asked before the version is agreed on.</summary>
    public bool Versioned { get; init; } = true;

    /// <summary>For the whole answer, or of a stream for its head; null is the default of its kind.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Made anew for each attempt.</summary>
    public Func<HttpContent>? Body { get; init; }

    /// <summary>Value of <c>X-Registry-Auth</c>.</summary>
    public string? RegistryAuth { get; init; }

    public Phase Phase => Method == HttpMethod.Get ? Phase.Observe : Phase.Apply;

    /// <summary>The same call with a JSON body.</summary>
    public EngineCall With<T>(T body, JsonTypeInfo<T> type)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, type);
        return this with
        {
            Body = () =>
            {
                var content = new ByteArrayContent(bytes);
                content.Headers.ContentType = new("application/json");
                return content;
            },
        };
    }
}
