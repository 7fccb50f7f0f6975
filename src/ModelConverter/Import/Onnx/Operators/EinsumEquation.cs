using EdgeInference.ModelConverter.Build;

namespace EdgeInference.ModelConverter.Import.Onnx.Operators;

/// <summary>The equation of an Einsum: a label for each axis of each operand and of the output. An ellipsis stands for axes that have labels of their own, below 0.</summary>
/// <param name="Operands">Labels of each operand's axes.</param>
/// <param name="Output">Labels of the output's axes, each once.</param>
/// <param name="Sizes">Elements along the axis of each label.</param>
internal sealed record EinsumEquation(IReadOnlyList<int[]> Operands, int[] Output, IReadOnlyDictionary<int, int> Sizes)
{
    private const string Ellipsis = "...";

    /// <summary>Reads a node's equation and holds it to the shapes of its inputs.</summary>
    /// <exception cref="InputException">The equation is none, or does not fit the inputs.</exception>
    internal static EinsumEquation Parse(OnnxNodeContext call)
    {
        string text = call.Text("equation", "").Replace(" ", "", StringComparison.Ordinal);
        InputException Fault(ClippedText problem) => call.Fault($"has the equation '{text}', {problem}");
        string[] sides = text.Split("->");
        string[] terms = sides[0].Split(',');
        if (sides.Length > 2 || terms.Length != call.InputCount)
        {
            throw Fault($"which does not describe its {call.InputCount} inputs");
        }

        var sizes = new Dictionary<int, int>();
        var operands = new List<int[]>();
        for (int i = 0; i < terms.Length; i++)
        {
            int[] shape = call.Input(i).Shape;
            int named = terms[i].Replace(Ellipsis, "", StringComparison.Ordinal).Length;
            bool isOpen = terms[i].Contains(Ellipsis, StringComparison.Ordinal);
            int[] labels = Labels(terms[i], shape.Length - named) ?? throw Fault("which has other than letters and one ellipsis for an input");
            if (named > shape.Length || (!isOpen && named != shape.Length))
            {
                throw Fault($"and input {i} has the shape {GraphBuilder.Text(shape)}");
            }

            for (int axis = 0; axis < shape.Length; axis++)
            {
                int size = sizes.GetValueOrDefault(labels[axis], 1);
                if (size != shape[axis] && size != 1 && shape[axis] != 1)
                {
                    throw Fault($"and input {i} of the shape {GraphBuilder.Text(shape)} differs in size from the inputs before it on a shared letter");
                }

                if (Array.IndexOf(labels, labels[axis]) is var first && shape[first] != shape[axis])
                {
                    throw Fault($"and input {i} of the shape {GraphBuilder.Text(shape)} has no diagonal");
                }

                sizes[labels[axis]] = Math.Max(size, shape[axis]);
            }

            operands.Add(labels);
        }

        int[] open = [.. sizes.Keys.Where(label => label < 0).Order()];
        int[] output = sides.Length == 2
            ? Labels(sides[1], open.Length) ?? throw Fault("which has other than letters and one ellipsis for its output")
            : [.. open, .. operands.SelectMany(labels => labels).Where(label => label >= 0).GroupBy(label => label).Where(group => group.Count() == 1).Select(group => group.Key).Order()];
        return output.Distinct().Count() < output.Length || !output.All(sizes.ContainsKey)
            ? throw Fault("whose output has a letter twice, or one that no input has")
            : new EinsumEquation(operands, output, sizes);
    }

    // Axes under an ellipsis are aligned at their end: −1 is the last of them.
    private static int[]? Labels(string term, int open)
    {
        int at = term.IndexOf(Ellipsis, StringComparison.Ordinal);
        string letters = at < 0 ? term : term.Remove(at, Ellipsis.Length);
        IEnumerable<int> between = at < 0 ? [] : Enumerable.Range(-Math.Max(open, 0), Math.Max(open, 0));
        return letters.All(char.IsAsciiLetter)
            ? [.. letters[..Math.Max(at, 0)].Select(letter => (int)letter), .. between, .. letters[Math.Max(at, 0)..].Select(letter => (int)letter)]
            : null;
    }
}
