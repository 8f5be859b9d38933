namespace Gateway.Core.Mqtt;

/// <summary>A message as it came from the broker, or as it is to be published.</summary>
/// <param name="Topic">The topic, never a pattern.</param>
/// <param name="Payload">The bytes.</param>
/// <param name="Retained">From the broker: it was kept from before we subscribed. To the broker: keep it.</param>
public sealed record MqttMessage(string Topic, ReadOnlyMemory<byte> Payload, bool Retained);
