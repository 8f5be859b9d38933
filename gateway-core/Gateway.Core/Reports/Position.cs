namespace Gateway.Core.Reports;

/// <summary>A place in a text, as editors count: line and column start at 1. A line of 0 means the text as a whole.</summary>
public readonly record struct Position(string File, int Line, int Column)
{
    /// <summary>The text as a whole.</summary>
    public static Position Of(string file) => new(file, 0, 0);

    /// <summary><c>file:line:col</c>, or <c>file</c> alone for the whole text.</summary>
    public override string ToString() => Line == 0 ? File : $"{File}:{Line}:{Column}";
}
