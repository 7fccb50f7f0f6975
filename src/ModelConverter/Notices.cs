namespace EdgeInference.ModelConverter;

/// <summary>Sentences about what was decided that a person may have meant otherwise. The library prints nothing; whoever calls it listens.</summary>
internal static class Notices
{
    private static readonly AsyncLocal<Action<string>?> listener = new();

    /// <summary>Hears what is said by calls from here on, in this flow of control; or null.</summary>
    internal static void Hear(Action<string>? action) => listener.Value = action;

    /// <summary>Says one sentence.</summary>
    internal static void Say(string sentence) => listener.Value?.Invoke(sentence);

    /// <summary>Does work and collects what it says, each sentence once.</summary>
    /// <param name="sentences">Where the sentences go. Nobody else hears them.</param>
    /// <param name="work">The work.</param>
    internal static T Collect<T>(List<string> sentences, Func<T> work)
    {
        Action<string>? before = listener.Value;
        listener.Value = sentence =>
        {
            string line = InputException.OneLine(sentence);
            if (!sentences.Contains(line))
            {
                sentences.Add(line);
            }
        };
        try
        {
            return work();
        }
        finally
        {
            listener.Value = before;
        }
    }
}
