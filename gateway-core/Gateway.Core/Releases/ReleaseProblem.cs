namespace Gateway.Core.Releases;

/// <summary>Why a release was refused.</summary>
public enum ReleaseProblem
{
    /// <summary>None of its targets is this gateway.</summary>
    OtherTarget,

    /// <summary>A higher serial has been accepted on the stream.</summary>
    Replayed,

    /// <summary>Other bytes have been accepted under the same serial.</summary>
    Conflicting,

    /// <summary>It was not accepted before it expired.</summary>
    Expired,

    /// <summary>It claims to have been signed more than a day from now.</summary>
    SignedInFuture,
}
