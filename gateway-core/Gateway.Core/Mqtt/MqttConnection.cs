using Gateway.Core.Reports;

namespace Gateway.Core.Mqtt;

/// <summary>How the connection stands.</summary>
/// <param name="IsConnected">Whether the broker has accepted us and has not gone since.</param>
/// <param name="Since">When it became so, UTC.</param>
/// <param name="Failure">Why it is not connected; null while it is, and before the first attempt ended.</param>
public sealed record MqttConnection(bool IsConnected, DateTimeOffset Since, Failure? Failure);
