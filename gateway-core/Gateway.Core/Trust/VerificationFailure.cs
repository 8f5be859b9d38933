using Gateway.Core.Reports;

namespace Gateway.Core.Trust;

/// <summary>A refused signature; <see cref="Failure.Phase"/> is <see cref="Phase.Verify"/>.</summary>
/// <param name="Subject">The document's name.</param>
/// <param name="Problem">Which rule it broke.</param>
/// <param name="Message">What is wrong and what to do, in one line.</param>
/// <param name="KeyId">Fingerprint or key id (40, 64 or 16 hexadecimal digits) of the key that signed, as far as known.</param>
public sealed record VerificationFailure(string Subject, SignatureProblem Problem, string Message, string? KeyId = null)
    : Failure(Phase.Verify, Subject, Message, Retryable: Problem is SignatureProblem.VerifierFailed);
