namespace EdgeInference.ModelConverter;

/// <summary>Sentences about what was decided that a person may have meant otherwise. The library prints nothing; whoever calls it listens.</summary>
internal static class Notices
{
    private static readonly AsyncLocal<Action<string>?> listener = new();

    /// <summary>Hears what is said by calls from here on, in this flow of control; null for nobody.</summary>
    internal static void Hear(Action<string>? action) => listener.Value = action;

    /// <summary>Says one sentence.</summary>
    internal static void Say(string sentence) => listener.Value?.Invoke(sentence);
}
