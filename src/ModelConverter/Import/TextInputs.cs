using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import;

/// <summary>
/// The texts that a model's inputs take. The engine has no text: such an input holds a code, the position of its text in a list
/// that the encoders of the model fill, and a text that is not in the list has the code after the last.
/// </summary>
internal sealed class TextInputs(Graph graph)
{
    // A number of 16 bits in the model file.
    private const int MostTexts = ushort.MaxValue;

    private readonly Dictionary<Value, int> inputs = [];
    private readonly HashSet<Value> values = [];
    private readonly List<Dictionary<string, int>> lists = [];

    /// <summary>For each input value of the model its texts, or none; no list at all for a model without texts.</summary>
    internal IReadOnlyList<IReadOnlyList<string>> Categories => inputs.Count == 0
        ? []
        : [.. graph.Inputs.SelectMany(input => Enumerable.Range(0, input.Elements).Select(i =>
            inputs.TryGetValue(input, out int first) ? (IReadOnlyList<string>)[.. lists[first + i].OrderBy(pair => pair.Value).Select(pair => pair.Key)] : []))];

    /// <summary>Says that an input of the model holds text.</summary>
    internal void Define(Value input)
    {
        inputs.Add(input, lists.Count);
        values.Add(input);
        lists.AddRange(Enumerable.Range(0, input.Elements).Select(_ => new Dictionary<string, int>(StringComparer.Ordinal)));
    }

    /// <summary>Whether a value holds codes of texts.</summary>
    internal bool Has(Value value) => values.Contains(value);

    /// <summary>Says that a value holds codes of texts, moved.</summary>
    internal void Add(Value value) => values.Add(value);

    /// <summary>The codes of an encoder's texts at a place of the last axis, which become known there.</summary>
    /// <param name="value">Codes of texts.</param>
    /// <param name="place">The place.</param>
    /// <param name="texts">The encoder's texts.</param>
    /// <exception cref="ArgumentException">The codes are computed, or differ between the rows of a batch, or there are too many.</exception>
    internal int[] Codes(Value value, int place, IReadOnlyList<string> texts)
    {
        double[] origins = Origins(value);
        int[]? codes = null;
        for (int i = place; i < origins.Length; i += value.LastDimension)
        {
            Dictionary<string, int> list = lists[(int)origins[i]];
            int[] own = [.. texts.Select(text => list.TryAdd(text, list.Count) ? list.Count - 1 : list[text])];
            if (list.Count > MostTexts)
            {
                throw new ArgumentException($"and others before it know more than {MostTexts} texts of an input, which a model file cannot name");
            }

            codes = codes is null || codes.SequenceEqual(own) ? own : throw new ArgumentException("encodes the rows of a batch in different ways, which is not supported; export the model with batch 1");
        }

        return codes ?? [];
    }

    /// <summary>How many texts are known at a place of the last axis.</summary>
    internal int Count(Value value, int place) => lists[(int)Origins(value)[place]].Count;

    /// <summary>The first input of which no encoder says what texts there are, or null.</summary>
    internal Value? Unknown() => graph.Inputs.Find(input => inputs.TryGetValue(input, out int first) && lists.GetRange(first, input.Elements).Exists(list => list.Count == 0));

    // Which input value each element is. The reference of what only moves elements says it.
    private double[] Origins(Value value)
    {
        if (inputs.TryGetValue(value, out int first))
        {
            return [.. Enumerable.Range(first, value.Elements).Select(i => (double)i)];
        }

        if (graph.Producer(value) is { } node && node.Opcode is Opcode.Reshape or Opcode.Transpose or Opcode.Slice or Opcode.Concat or Opcode.Gather)
        {
            double[]?[] sources = [.. node.Inputs.Select(Source)];
            return OperatorDefinitions.Of(node.Opcode).Reference!(node, sources)[0];
        }

        throw new ArgumentException("takes text that is not moved from an input alone, which is not supported");
    }

    private double[]? Source(Value? value) => value?.Data switch
    {
        float[] numbers => Array.ConvertAll(numbers, number => (double)number),
        null when value is not null => Origins(value),
        _ => null,
    };
}
