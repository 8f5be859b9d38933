namespace Gateway.Playbooks.Expressions.Syntax;

/// <summary>Carries what is wrong out of the recursive parser and evaluator; never leaves <see cref="Templar"/>.</summary>
/// <param name="message">What is wrong.</param>
/// <param name="offset">Where in the template, in characters, or -1.</param>
/// <param name="isSyntax">Whether the text does not parse, whatever the variables hold.</param>
internal class TemplateException(string message, int offset = -1, bool isSyntax = false) : Exception(message)
{
    public int Offset { get; set; } = offset;

    public bool IsSyntax { get; } = isSyntax;

    /// <summary>The message as Ansible shows it.</summary>
    public virtual string Shown => Message;
}

/// <summary>What Python calls a TypeError: values of kinds that do not go together.</summary>
internal sealed class PythonTypeException(string message, int offset = -1) : TemplateException(message, offset);

/// <summary>What Python calls a ValueError: a value of the right kind that cannot be read.</summary>
internal sealed class PythonValueException(string message) : TemplateException(message);

/// <summary>A use of something undefined.</summary>
internal sealed class UndefinedException(string message) : TemplateException(message)
{
    /// <summary>Ansible says it once as its own message and once as that of the exception below.</summary>
    public override string Shown => $"{Message}. {Message}";
}
