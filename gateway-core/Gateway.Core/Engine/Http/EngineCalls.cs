using System.Text.Json.Serialization.Metadata;
using Gateway.Core.Reports;

namespace Gateway.Core.Engine;

/// <summary>Calls whose arguments may have been refused already.</summary>
internal static class EngineCalls
{
    public static async Task<Result<T>> OfAsync<T>(this EngineConnection connection, Result<EngineCall> call, JsonTypeInfo<T> type, CancellationToken cancel) =>
        call.TryGet(out var made, out var wrong) ? await connection.ReadAsync(made, type, cancel) : wrong;

    public static async Task<Result<Nothing>> OfAsync(this EngineConnection connection, Result<EngineCall> call, CancellationToken cancel) =>
        call.TryGet(out var made, out var wrong) ? await connection.DoAsync(made, cancel) : wrong;
}
