namespace EdgeInference.ModelConverter.NanoEngine;

/// <summary>What a token of C# is, as far as a selection of members asks.</summary>
internal enum SourceTokenKind
{
    /// <summary>An identifier or a keyword.</summary>
    Word,

    /// <summary>A number, a character or a text.</summary>
    Literal,

    /// <summary>One character of punctuation.</summary>
    Mark,
}

/// <summary>One token of a source; comments and preprocessor lines are none.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its characters.</param>
/// <param name="Start">Position of the first character.</param>
internal readonly record struct SourceToken(SourceTokenKind Kind, string Text, int Start)
{
    /// <summary>Position after the last character.</summary>
    public int End => Start + Text.Length;
}
