using System.Globalization;
using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Import;

/// <summary>A label that a graph gives beside scores or probabilities: it names the classes and says which decision is right, and is left out then.</summary>
internal static class LabelOutput
{
    /// <summary>Leaves the label out where the other output decides as it does.</summary>
    /// <param name="graph">The graph; outputs, labels, threshold and notes change.</param>
    /// <param name="roles">The roles of its outputs, which change with them.</param>
    internal static void Settle(Graph graph, List<OutputRole> roles)
    {
        int at = roles.IndexOf(OutputRole.Label);
        if (at < 0 || roles.Count < 2 || roles.LastIndexOf(OutputRole.Label) != at)
        {
            return;
        }

        Value label = graph.Outputs[at];
        Value[] others = [.. graph.Outputs.Where((_, i) => i != at)];
        Value? scores = others.Length == 1 ? others[0] : Whole(graph, others);
        if (scores is null)
        {
            return;
        }

        Value index = Index(graph, label, out float[]? numbers);
        OutputRole role = others.Length == 1 ? roles[1 - at] : OutputRole.Unknown;
        LabelRule? rule = LabelRule.Find(graph, index, scores, role);
        List<string> notes = [.. graph.Metadata.Notes];
        if (rule is null && role is not (OutputRole.Probability or OutputRole.Logit))
        {
            // The highest of other numbers is the label: those of a support vector classifier's votes, for one.
            if (graph.Producer(index) is not { Opcode: Opcode.ArgReduce } highest || LabelRule.Find(graph, index, highest.Input(0), OutputRole.Score) is not { Others: 0 } own)
            {
                return;
            }

            notes.Add($"'{label.Name}' is not the class of the highest '{scores.Name}': the file keeps the numbers that it is taken from instead.");
            (rule, scores) = (own, highest.Input(0));
        }

        // Several sigmoids are probabilities of one choice where the label takes the highest.
        if (rule is { Role: OutputRole.Score, Others: 0 } && scores.Elements > 2 && OutputMeaning.AreProbabilities(graph, scores))
        {
            rule = rule with { Role = OutputRole.Probability };
        }

        notes.Add($"The output '{label.Name}' is a label that follows from the other output; it was left out.");
        graph.Outputs.Clear();
        graph.Outputs.Add(scores);
        roles.Clear();
        roles.Add(rule?.Role ?? role);
        bool hasTexts = graph.Metadata.Labels.Any(text => !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _));
        IReadOnlyList<string> texts = numbers is not null && !hasTexts && numbers.Length == Math.Max(scores.Elements, 2) ? [.. numbers.Select(LabelRule.ClassText)] : graph.Metadata.Labels;
        if (rule is not null)
        {
            Change(graph, rule);
            graph.Votes = rule.Others > 0 && graph.Producer(index) is { Opcode: Opcode.ArgReduce } votes && votes.Input(0) != scores ? votes.Input(0) : null;
            Say(rule, graph.Votes is not null, label.Name, scores.Name, texts, notes);
        }

        graph.Metadata = graph.Metadata with { Labels = texts, Threshold = rule is { Change: LabelChange.Shift } ? 0f : rule?.Threshold ?? graph.Metadata.Threshold, Notes = notes };
    }

    private static void Say(LabelRule rule, bool hasVotes, string label, string scores, IReadOnlyList<string> texts, List<string> notes)
    {
        if (rule.Change == LabelChange.Negation)
        {
            notes.Add($"'{scores}' is lower for the class that '{label}' picks: its sign was changed, so the higher score decides.");
        }

        if (rule.Change == LabelChange.Shift)
        {
            notes.Add(FormattableString.Invariant($"'{label}' decides for class {(texts.Count == 2 ? $"'{texts[1]}'" : "1")} from {rule.Threshold} of '{scores}' on: this was subtracted, so the score decides from 0 on."));
        }

        if (rule.Role == OutputRole.Probability && rule.Threshold is { } threshold && Math.Abs(threshold - DecisionMetadata.DefaultThreshold) > 1e-3f)
        {
            notes.Add(FormattableString.Invariant($"'{label}' decides for class {(texts.Count == 2 ? $"'{texts[1]}'" : "1")} from a probability of {threshold:0.0000} on; that is the file's threshold."));
        }

        if (rule.Others > 0)
        {
            notes.Add($"On {rule.Others} of {rule.Rows} rows that the export made, '{label}' is another class than the one with the highest '{scores}', as where a support vector classifier votes; the file decides by '{scores}'{(hasVotes ? ", and as '" + label + "' with --head scores" : "")}.");
        }
    }

    private static void Change(Graph graph, LabelRule rule)
    {
        Value scores = graph.Outputs[0];
        var builder = new GraphBuilder(graph) { Name = scores.Name };
        graph.Outputs[0] = rule.Change switch
        {
            LabelChange.Shift => builder.Arithmetic(Opcode.Sub, scores, builder.Scalar(rule.Threshold!.Value)),
            LabelChange.Negation => builder.Unary(UnaryKind.Neg, scores),
            LabelChange.Difference => builder.Dense(scores, Value.Constant(scores.Name + ".difference", [1f, -1f, -1f, 1f], 2, 2), null),
            _ => scores,
        };
    }

    // The tensor whose elements some outputs are, one each and in order: what a ZipMap into columns is written as.
    private static Value? Whole(Graph graph, Value[] parts)
    {
        Value? whole = null;
        for (int i = 0; i < parts.Length; i++)
        {
            Value value = parts[i];
            while (graph.Producer(value) is { Opcode: Opcode.Reshape } reshape)
            {
                value = reshape.Input(0);
            }

            if (value.Elements != 1 || graph.Producer(value) is not { Opcode: Opcode.Slice or Opcode.Gather } node || (whole ??= node.Input(0)) != node.Input(0))
            {
                return null;
            }

            bool isInOrder = node.Opcode == Opcode.Slice
                ? node.Parameters[SliceRule.Start + node.Input(0).Shape.Length - 1] == i
                : node.Input(1).Data is int[] positions && positions is [int only] && only == i;
            if (!isInOrder)
            {
                return null;
            }
        }

        return whole?.Elements == parts.Length ? whole : null;
    }

    private static Value Index(Graph graph, Value label, out float[]? numbers)
    {
        numbers = null;
        Value value = label;
        while (graph.Producer(value) is { } node)
        {
            if (node.Opcode is Opcode.Reshape or Opcode.Transpose or Opcode.Expand || OutputMeaning.IsRounding(node))
            {
                value = node.Input(0);
            }
            else if (OutputMeaning.Position(node) is { } position)
            {
                value = position;
            }
            else if (numbers is null && node.Opcode == Opcode.Gather && node.Input(0).Data is float[] classes)
            {
                numbers = classes;
                value = node.Input(1);
            }
            else
            {
                break;
            }
        }

        return value;
    }
}
