using System.Text.Json.Nodes;
using Gateway.Reconciliation.Specs;

namespace Gateway.Reconciliation.Plan;

/// <summary>A network or volume of an application's own.</summary>
/// <param name="Name">The engine's name of it.</param>
/// <param name="Body">What it is made with.</param>
internal sealed record SharedThing(string Name, JsonObject Body)
{
    /// <summary>Value of the label that tells its settings.</summary>
    public string ConfigHash { get; } = Body["Labels"]?[GatewayLabels.Config]?.GetValue<string>() ?? "";
}
