namespace ModelExporter;

/// <summary>The input is at fault: the message is one sentence that says what, where and what to do. The command ends with exit code 1.</summary>
public sealed class InputException : Exception
{
    /// <summary>Creates the exception.</summary>
    public InputException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    public InputException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
