namespace Gateway.Reconciliation.Desired;

/// <summary>A file whose content stands in the document: an entry of <c>secrets</c> or <c>configs</c>, or of both.</summary>
/// <param name="Target">Absolute path inside the container.</param>
/// <param name="Content">The content; UTF-8 when written.</param>
/// <param name="Mode">Permission bits, such as 0444 (octal).</param>
/// <param name="Uid">The owner's number.</param>
/// <param name="Gid">The group's number.</param>
/// <param name="IsSecret">Whether the content must never be shown or logged.</param>
public sealed record InlineFile(string Target, string Content, int Mode, int Uid, int Gid, bool IsSecret);
