namespace EdgeInference.ModelConverter;

/// <summary>
/// The input is wrong: the message is one sentence that says what, where and what to do. The command ends with exit code 1.
/// Names from files end up in it, so control characters are replaced: a file must not control the terminal.
/// </summary>
public class InputException : Exception
{
    /// <summary>Creates the exception.</summary>
    public InputException(string message)
        : base(OneLine(message))
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    public InputException(string message, Exception inner)
        : base(OneLine(message), inner)
    {
    }

    /// <summary>Creates the exception; what is put into its text is clipped.</summary>
    internal InputException(ClippedText message)
        : base(OneLine(message.ToString()))
    {
    }

    /// <summary>Creates the exception with its cause; what is put into its text is clipped.</summary>
    internal InputException(ClippedText message, Exception inner)
        : base(OneLine(message.ToString()), inner)
    {
    }

    /// <summary>A text with a question mark for each control character.</summary>
    internal static string OneLine(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(character => char.IsControl(character) ? '?' : character)) : text;
}
