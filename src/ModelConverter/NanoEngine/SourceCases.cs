using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.NanoEngine;

/// <summary>
/// Leaves those cases of a source's switches out that a model never takes: labels <c>case Opcode.X:</c>, <c>case TensorType.X:</c>,
/// <c>case MetadataKey.X:</c> and <c>case SignalFeature.X:</c>.
/// Within the cases of operators a switch on the type keeps the types of those operators, and <c>type == TensorType.X</c> is false for others.
/// In the rule of operators <c>check.Type == TensorType.X</c> is what it is for their types, and what stands under an <c>if</c> that is false goes.
/// </summary>
internal sealed class SourceCases
{
    private const int ComparisonTokens = 6;
    private const int RuleComparisonTokens = 8;

    private readonly string text;
    private readonly EngineUse use;
    private readonly IReadOnlySet<TensorType>? types;
    private readonly IReadOnlySet<TensorType>? ruleTypes;
    private readonly IReadOnlyList<SourceToken> tokens;
    private readonly List<(int Start, int End, string Text)> edits = [];

    private SourceCases(string text, EngineUse use, IReadOnlySet<TensorType>? types, IReadOnlySet<TensorType>? ruleTypes)
    {
        this.types = types;
        this.ruleTypes = ruleTypes;
        this.text = text;
        this.use = use;
        tokens = SourceLexer.Tokens(text);
    }

    /// <summary>The source without the cases.</summary>
    /// <param name="text">The source.</param>
    /// <param name="use">What the model uses.</param>
    /// <param name="types">The types that are kept where no operator says which; null for all, and for each operator: the reader says what an engine lacks.</param>
    /// <param name="ruleTypes">The types of the operators whose rule the source is; null where it is none.</param>
    public static string Reduce(string text, EngineUse use, IReadOnlySet<TensorType>? types, IReadOnlySet<TensorType>? ruleTypes)
    {
        var cases = new SourceCases(text, use, types, ruleTypes);
        cases.Walk(0, cases.tokens.Count, null);
        var kept = new System.Text.StringBuilder();
        int position = 0;
        foreach ((int start, int end, string replacement) in cases.edits)
        {
            kept.Append(text, position, start - position).Append(replacement);
            position = end;
        }

        return kept.Append(text, position, text.Length - position).ToString();
    }

    private void Walk(int first, int end, IReadOnlyList<Opcode>? operators)
    {
        for (int i = first; i < end; i++)
        {
            if (tokens[i].Text == "switch")
            {
                int open = i;
                while (tokens[open].Text != "{")
                {
                    open++;
                }

                int close = SourceBraces.Close(tokens, open);
                Sections(open + 1, close, operators);
                i = close;
            }
            else if (types is not null && operators is not null && Compared(i) is { } type && !use.Has(operators, type))
            {
                edits.Add((tokens[i].Start, tokens[i + ComparisonTokens - 1].End, "false"));
            }
            else if (ruleTypes is not null)
            {
                i = Rule(i);
            }
        }
    }

    // Gives the last token that was dealt with.
    private int Rule(int first)
    {
        if (tokens[first].Text == "if" && RuleHas(first + 2) == false && tokens[first + 2 + RuleComparisonTokens].Text == ")")
        {
            int close = SourceBraces.Close(tokens, first + 2 + RuleComparisonTokens + 1);
            Cut(first, close + 1);
            return close;
        }

        if (RuleHas(first) is not { } value)
        {
            return first;
        }

        edits.Add((tokens[first].Start, tokens[first + RuleComparisonTokens - 1].End, value ? "true" : "false"));
        return first + RuleComparisonTokens - 1;
    }

    // Whether 'check.Type == TensorType.X' holds for all or for none of the types; null where it is something else, or holds for some.
    private bool? RuleHas(int first)
    {
        bool isComparison = first + RuleComparisonTokens <= tokens.Count && tokens[first].Text == "check" && tokens[first + 2].Text == "Type" && tokens[first + 3].Text == "=" && tokens[first + 4].Text == "=" && tokens[first + 5].Text == nameof(TensorType);
        if (!isComparison)
        {
            return null;
        }

        bool has = ruleTypes!.Contains(Enum.Parse<TensorType>(tokens[first + RuleComparisonTokens - 1].Text));
        return has && ruleTypes.Count > 1 ? null : has;
    }

    // X of 'type == TensorType.X'.
    private TensorType? Compared(int first) =>
        first + ComparisonTokens <= tokens.Count && tokens[first].Text == "type" && tokens[first + 1].Text == "=" && tokens[first + 2].Text == "=" && tokens[first + 3].Text == nameof(TensorType)
            ? Enum.Parse<TensorType>(tokens[first + 5].Text)
            : null;

    private void Sections(int first, int end, IReadOnlyList<Opcode>? operators)
    {
        int position = first;
        while (position < end)
        {
            var labels = new List<(int Start, int End)>();
            while (position < end && tokens[position].Text is "case" or "default")
            {
                int colon = position;
                while (tokens[colon].Text != ":")
                {
                    colon++;
                }

                labels.Add((position, colon + 1));
                position = colon + 1;
            }

            int body = position;
            while (position < end && tokens[position].Text is not ("case" or "default"))
            {
                position = tokens[position].Text == "{" ? SourceBraces.Close(tokens, position) + 1 : position + 1;
            }

            Section(labels, body, position, operators);
        }
    }

    private void Section(List<(int Start, int End)> labels, int body, int end, IReadOnlyList<Opcode>? operators)
    {
        List<(int Start, int End)> kept = [.. labels.Where(label => Keeps(label.Start, operators))];
        if (kept.Count == 0)
        {
            Cut(labels[0].Start, end);
            return;
        }

        foreach ((int start, int after) in labels.Except(kept))
        {
            Cut(start, after);
        }

        List<Opcode> own = [.. labels.Where(label => Named(label.Start, nameof(Opcode)) is not null).Select(label => Enum.Parse<Opcode>(Named(label.Start, nameof(Opcode))!)).Where(use.Has)];
        Walk(body, end, own.Count > 0 ? own : operators);
    }

    private bool Keeps(int label, IReadOnlyList<Opcode>? operators)
    {
        if (Named(label, nameof(Opcode)) is { } opcode)
        {
            return use.Has(Enum.Parse<Opcode>(opcode));
        }

        if (Named(label, nameof(MetadataKey)) is { } key)
        {
            return use.Has(Enum.Parse<MetadataKey>(key));
        }

        if (Named(label, nameof(SignalFeature)) is { } feature)
        {
            return use.Has(Enum.Parse<SignalFeature>(feature));
        }

        if (types is null || Named(label, nameof(TensorType)) is not { } name)
        {
            return true;
        }

        var type = Enum.Parse<TensorType>(name);
        return operators is null ? types.Contains(type) : use.Has(operators, type);
    }

    // X of 'case kind.X:'.
    private string? Named(int label, string kind) =>
        tokens[label].Text == "case" && tokens[label + 1].Text == kind && tokens[label + 2].Text == "." && tokens[label + 4].Text == ":" ? tokens[label + 3].Text : null;

    // With the comments before the first token, so that they do not describe what comes next.
    private void Cut(int first, int end)
    {
        int start = tokens[first - 1].End;
        int stop = tokens[end - 1].End;
        edits.Add((start, stop, ""));
    }
}
