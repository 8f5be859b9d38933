namespace Gateway.Core.Reports;

/// <summary>The value of a <see cref="Result{T}"/> that only tells whether it worked.</summary>
public readonly record struct Nothing;
