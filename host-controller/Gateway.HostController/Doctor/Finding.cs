using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Gateway.HostController.Doctor;

/// <summary>How a check came out.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Verdict>))]
internal enum Verdict
{
    /// <summary>As it should be.</summary>
    [JsonStringEnumMemberName("ok")]
    Ok,

    /// <summary>Works, and somebody should see to it.</summary>
    [JsonStringEnumMemberName("warning")]
    Warning,

    /// <summary>Does not work: the gateway is not healthy.</summary>
    [JsonStringEnumMemberName("problem")]
    Problem,
}

/// <summary>What one check found.</summary>
/// <param name="Check">What was looked at.</param>
/// <param name="Verdict">How it is.</param>
/// <param name="Text">What was found, and what to do when it is not well; one line.</param>
internal sealed record Finding(string Check, Verdict Verdict, string Text);

/// <summary>What <c>doctor --output json</c> prints.</summary>
/// <param name="Schema">Version of this shape; 1.</param>
/// <param name="Healthy">Whether nothing is a problem.</param>
/// <param name="Findings">All of them.</param>
internal sealed record DoctorReport(int Schema, bool Healthy, ImmutableArray<Finding> Findings);

/// <summary>Writes <see cref="DoctorReport"/> without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(DoctorReport))]
internal sealed partial class DoctorJson : JsonSerializerContext;
