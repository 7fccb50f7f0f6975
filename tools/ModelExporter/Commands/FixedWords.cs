using System.CommandLine;
using System.CommandLine.Completions;

namespace EdgeInference.Tool.Commands;

/// <summary>Words that an option takes and that are too many, or too open, for the parser to know them.</summary>
internal static class FixedWords
{
    /// <summary>Lets shells offer words. The help keeps the option's name, and its description has the words.</summary>
    /// <param name="option">The option.</param>
    /// <param name="words">The words.</param>
    /// <param name="isList">Whether the option takes several, with commas between.</param>
    /// <returns>The option.</returns>
    internal static Option<string?> Offer(this Option<string?> option, IEnumerable<string> words, bool isList = false)
    {
        option.HelpName = option.Name.TrimStart('-');
        option.CompletionSources.Add(context => Complete(context, words, isList));
        return option;
    }

    /// <summary>The words that go on from what is typed; of a list behind its last comma.</summary>
    internal static IEnumerable<CompletionItem> Complete(CompletionContext context, IEnumerable<string> words, bool isList)
    {
        string typed = context.WordToComplete;
        int at = isList ? typed.LastIndexOf(',') + 1 : 0;
        string[] taken = typed[..at].Split(',');
        return words.Where(word => word.StartsWith(typed[at..], StringComparison.OrdinalIgnoreCase) && !taken.Contains(word)).Select(word => new CompletionItem(typed[..at] + word));
    }
}
