using System.Globalization;
using System.Text;

namespace EdgeInference.ModelConverter.NanoEngine;

/// <summary>
/// Replaces the sentences of faults by numbers: what is given for a parameter named 'problem', which becomes an int. A sentence takes a
/// device some 60 bytes, a number 2, and the reader of the desktop has the same checks with their sentences.
/// </summary>
/// <remarks>What an engine lacks keeps its sentence: that is what a user of one who emitted it for another model meets.</remarks>
internal sealed class SourceFaults
{
    private const string Parameter = "problem";
    private const string Declaration = "string problem";
    private const string Refusal = "Refusal";
    private const string RefusalText = "\"The model cannot decide; 'edge inspect' says why.\"";
    private const string KeptSentence = "\"this engine has no ";
    private const string Exception = "class ModelFormatException";

    private readonly HashSet<(string Name, int Arguments)> takers = [];
    private readonly List<string> sentences = [];

    /// <param name="texts">All sources.</param>
    internal SourceFaults(IEnumerable<string> texts)
    {
        foreach (string text in texts)
        {
            IReadOnlyList<SourceToken> tokens = SourceLexer.Tokens(text);
            for (int i = 1; i + 1 < tokens.Count; i++)
            {
                if (tokens[i].Text == Parameter && tokens[i - 1].Text == "string" && tokens[i + 1].Text == ")")
                {
                    int open = SourceBraces.Open(tokens, i + 1);
                    takers.Add((tokens[open - 1].Text, SourceBraces.Parts(tokens, open)));
                }
            }
        }
    }

    /// <summary>The sentences by their numbers, from 1 on, as they stand in the sources.</summary>
    public IReadOnlyList<string> Sentences => sentences;

    /// <summary>How a number stands in a source.</summary>
    internal static string Text(int number) => string.Create(CultureInfo.InvariantCulture, $"/*fault*/{number}");

    /// <summary>A source with numbers; the next ones for each source that is given.</summary>
    public string Number(string text)
    {
        // It takes a sentence too: EngineWriter adds what takes a number.
        if (text.Contains(Exception, StringComparison.Ordinal))
        {
            return text;
        }

        text = ShortenRefusal(text);
        IReadOnlyList<SourceToken> tokens = SourceLexer.Tokens(text);
        var numbered = new StringBuilder();
        int position = 0;
        for (int i = 0; i + 1 < tokens.Count; i++)
        {
            if (tokens[i].Text == "string" && tokens[i + 1].Text == Parameter)
            {
                numbered.Append(text, position, tokens[i].Start - position).Append("int");
                position = tokens[i].End;
                continue;
            }

            if (tokens[i + 1].Text != "(" || tokens[i].Kind != SourceTokenKind.Word || !takers.Contains((tokens[i].Text, SourceBraces.Parts(tokens, i + 1))))
            {
                continue;
            }

            int close = SourceBraces.Close(tokens, i + 1);
            int first = SourceBraces.LastPart(tokens, i + 1);
            string sentence = text[tokens[first].Start..tokens[close].Start];
            if (sentence is Parameter or Declaration || sentence.StartsWith(KeptSentence, StringComparison.Ordinal))
            {
                continue;
            }

            bool isPassedOn = tokens.Skip(first).Take(close - first).Any(token => token.Text == Parameter);
            if (!isPassedOn)
            {
                sentences.Add(sentence);
            }

            numbered.Append(text, position, tokens[first].Start - position).Append(isPassedOn ? Parameter : Text(sentences.Count));
            position = tokens[close].Start;
        }

        return numbered.Append(text, position, text.Length - position).ToString();
    }

    // Why a model cannot decide is said when an engine with a classifier is emitted; a device needs one sentence for all reasons.
    private static string ShortenRefusal(string text)
    {
        IReadOnlyList<SourceToken> tokens = SourceLexer.Tokens(text);
        int name = 0;
        while (name + 1 < tokens.Count && (tokens[name].Text != Refusal || tokens[name + 1].Text != "{"))
        {
            name++;
        }

        if (name + 1 >= tokens.Count)
        {
            return text;
        }

        var shortened = new StringBuilder();
        int position = 0;
        int end = SourceBraces.Close(tokens, name + 1);
        for (int i = name; i < end; i++)
        {
            if (tokens[i].Text == "return" && tokens[i + 1].Kind == SourceTokenKind.Literal)
            {
                int stop = i;
                while (tokens[stop].Text != ";")
                {
                    stop++;
                }

                shortened.Append(text, position, tokens[i + 1].Start - position).Append(RefusalText);
                position = tokens[stop].Start;
            }
        }

        return shortened.Append(text, position, text.Length - position).ToString();
    }
}
