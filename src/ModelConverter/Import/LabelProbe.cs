using EdgeInference.ModelConverter.Execution;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import;

/// <summary>Labels and scores of a source graph on rows that are made here, among them rows on both sides of where the label changes.</summary>
internal sealed class LabelProbe : IDisposable
{
    private const int MaxRows = 512;
    private const int MaxPairs = 12;
    private const int MaxHalvings = 64;

    // Elements that all runs together may compute: a second or so.
    private const long Work = 1L << 27;

    private readonly GraphRunner runner;
    private readonly int classes;

    private LabelProbe(GraphRunner runner, int classes)
    {
        this.runner = runner;
        this.classes = classes;
    }

    /// <summary>The label of each row, as the number of a class.</summary>
    internal List<int> Labels { get; } = [];

    /// <summary>The scores of each row.</summary>
    internal List<float[]> Scores { get; } = [];

    /// <summary>Runs a graph.</summary>
    /// <returns>The runs, or null if the graph cannot be run by rows or gives one label only.</returns>
    internal static LabelProbe? Create(Graph graph, Value index, Value scores, int classes)
    {
        bool canRun = index is { IsConstant: false, Elements: 1 } && !scores.IsConstant && scores.Type == TensorType.Float32
            && graph.Inputs.TrueForAll(input => input.Type == TensorType.Float32)
            && !graph.Nodes.Exists(node => node.Inputs.Concat(node.Outputs).Any(value => value is { IsState: true }));
        if (!canRun)
        {
            return null;
        }

        long elements = graph.Nodes.Sum(node => node.Outputs.Sum(value => (long)value.Elements) + node.Inputs.Sum(value => value is { IsConstant: true } ? (long)value.Elements : 0));
        int budget = (int)Math.Clamp(Work / Math.Max(elements, 1), 64, MaxRows + (MaxPairs * MaxHalvings));
        GraphRunner runner;
        try
        {
            runner = new GraphRunner(graph, [index, scores]);
        }
        catch (Exception exception) when (exception is ModelFormatException or InputException or ArgumentException)
        {
            // What the engine cannot run as it stands is judged by its operators alone.
            return null;
        }

        var probe = new LabelProbe(runner, classes);
        probe.Fill(graph.Inputs.Sum(input => input.Elements), budget);
        if (probe.Labels.Distinct().Take(2).Count() == 2)
        {
            return probe;
        }

        probe.Dispose();
        return null;
    }

    /// <summary>The highest value of class 0 and the lowest of class 1.</summary>
    internal (float Low, float High) Bounds(Func<float[], float> value)
    {
        float low = float.NegativeInfinity, high = float.PositiveInfinity;
        for (int i = 0; i < Labels.Count; i++)
        {
            float one = value(Scores[i]);
            low = Labels[i] == 0 ? Math.Max(low, one) : low;
            high = Labels[i] == 0 ? high : Math.Min(high, one);
        }

        return (low, high);
    }

    /// <inheritdoc/>
    public void Dispose() => runner.Dispose();

    private void Fill(int length, int budget)
    {
        var random = new Random(12);
        List<(float[] Row, int Label)> rows = [];
        for (int i = 0; i < Math.Min(MaxRows, budget / 2); i++)
        {
            // Of every size that features have, around 0 and above it.
            float scale = MathF.Pow(10f, (random.NextSingle() * 4f) - 1f);
            float[] row = new float[length];
            for (int k = 0; k < length; k++)
            {
                row[k] = i % 2 == 0 ? scale * random.NextSingle() : scale * ((2f * random.NextSingle()) - 1f);
            }

            if (Run(row) is { } label)
            {
                rows.Add((row, label));
            }
        }

        int left = budget - MaxRows;
        for (int i = 1, pairs = 0; i < rows.Count && pairs < MaxPairs && left > 0; i++)
        {
            if (rows[i].Label != rows[i - 1].Label)
            {
                left -= Halve(rows[i - 1].Row, rows[i - 1].Label, rows[i].Row);
                pairs++;
            }
        }
    }

    // Between two rows of different labels lies one where the label changes.
    private int Halve(float[] a, int label, float[] b)
    {
        for (int i = 0; i < MaxHalvings; i++)
        {
            float[] middle = [.. a.Zip(b, (x, y) => x + ((y - x) / 2f))];
            if (middle.AsSpan().SequenceEqual(a) || middle.AsSpan().SequenceEqual(b) || Run(middle) is not { } found)
            {
                return i;
            }

            (a, b) = found == label ? (middle, b) : (a, middle);
        }

        return MaxHalvings;
    }

    private int? Run(float[] row)
    {
        runner.Run(row);
        float label = runner.Values(0)[0];
        float[] scores = runner.Values(1).ToArray();
        if (!(label >= 0 && label < classes && label == MathF.Floor(label)) || !Array.TrueForAll(scores, float.IsFinite))
        {
            return null;
        }

        Labels.Add((int)label);
        Scores.Add(scores);
        return (int)label;
    }
}
