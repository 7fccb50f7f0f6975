namespace EdgeDevice;

internal enum Verdict
{
    Ok,
    Warning,
    Problem,
}

/// <summary>What a check found.</summary>
/// <param name="Verdict">Whether it stands in the way.</param>
/// <param name="Text">One sentence: what is, and where.</param>
/// <param name="Next">What to do; empty where all is well.</param>
internal sealed record Finding(Verdict Verdict, string Text, string Next = "")
{
    internal static Finding Ok(string text) => new(Verdict.Ok, text);

    internal static Finding Warning(string text, string next) => new(Verdict.Warning, text, next);

    internal static Finding Problem(string text, string next) => new(Verdict.Problem, text, next);
}
