using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Features;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Optimize.Passes;
using EdgeInference.ModelConverter.Trees;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Check;

/// <summary>
/// Rows for the inputs of a graph where no one gave any: of the mean and deviation that its own standardisation says, of the
/// thresholds of its trees, of its categories, of the codes and knots of its FeatureTransform, of the range of a quantized input, of the indices that it looks up, and else of mean 0 and deviation 1. The same graph gets the same rows.
/// </summary>
internal static class SampleRows
{
    private const ulong Seed = 12;

    /// <summary>Rows of all inputs, one after the other.</summary>
    internal static float[][] Make(Graph graph, int count)
    {
        var random = new Xoshiro256(Seed);
        Func<double>[] features = [.. graph.Inputs.SelectMany(input => Features(graph, input, random))];
        foreach ((int index, IReadOnlyList<string> texts) in graph.Metadata.InputCategories.Index().Where(pair => pair.Item.Count > 0))
        {
            features[index] = () => random.Next(texts.Count + 1);
        }

        return [.. Enumerable.Range(0, count).Select(_ => Array.ConvertAll(features, feature => (float)feature()))];
    }

    private static IEnumerable<Func<double>> Features(Graph graph, Value input, Xoshiro256 random)
    {
        int channels = input.LastDimension;
        if (input.Quantization is { } quantization)
        {
            double half = (input.Type == TensorType.Int8 ? sbyte.MaxValue : short.MaxValue) * (double)quantization.Scale;
            double middle = -quantization.ZeroPoint * (double)quantization.Scale;
            return Enumerable.Range(0, input.Elements).Select<int, Func<double>>(_ => () => middle + (half * ((2 * random.NextDouble()) - 1)));
        }

        if (Standardisation(graph, input) is { } step)
        {
            return Enumerable.Range(0, input.Elements).Select<int, Func<double>>(i => () => Normal(random, step, i % channels));
        }

        foreach (Node node in graph.Consumers(input))
        {
            if (node.Opcode == Opcode.TreeEnsemble && node.Input(0) == input)
            {
                (double Low, double High)[] ranges = Thresholds(node, channels);
                return Enumerable.Range(0, input.Elements).Select<int, Func<double>>(i => () => ranges[i % channels] is var range
                    ? range.Low + ((range.High - range.Low) * random.NextDouble()) : 0);
            }

            if (node.Opcode == Opcode.FeatureTransform)
            {
                ILookup<int, FeatureColumn> columns = FeatureTransformPlan.Of(node).Columns.ToLookup(column => column.Source);
                return Enumerable.Range(0, input.Elements).Select(i => Feature([.. columns[i % channels]], random));
            }

            if (node.Opcode == Opcode.Gather && node.Input(1) == input)
            {
                int size = node.Input(0).Shape[node.Parameters[GatherRule.Axis]];
                return Enumerable.Range(0, input.Elements).Select<int, Func<double>>(_ => () => random.Next(size));
            }
        }

        return Enumerable.Range(0, input.Elements).Select<int, Func<double>>(_ => () => Normal(random));
    }

    // z = s·x + t is about 0 ± 1, so that x is about −t/s ± 1/s. A constant feature has no deviation to speak of.
    private static double Normal(Xoshiro256 random, AffineStep step, int channel)
    {
        double x = (Normal(random) - step.Shift[channel]) / step.Scale[channel];
        return double.IsFinite(x) && Math.Abs(x) < 1e30 ? x : Normal(random);
    }

    // Box and Muller's.
    private static double Normal(Xoshiro256 random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    // What scales and shifts an input feature by feature, directly or behind a Concat of named inputs.
    private static AffineStep? Standardisation(Graph graph, Value input)
    {
        var steps = new List<AffineStep>();
        (int first, int length) = (0, input.LastDimension);
        Value value = input;
        while (graph.Consumers(value) is [Node node, ..])
        {
            if (AffineStep.Find(node) is { } step)
            {
                steps.Add(step);
            }
            else if (node.Opcode == Opcode.Concat && node.Parameters[ConcatRule.Axis] == value.Shape.Length - 1 && steps.Count == 0 && first == 0)
            {
                first = node.Inputs.TakeWhile(other => other != value).Sum(other => other!.LastDimension);
            }
            else
            {
                break;
            }

            value = node.Output;
        }

        // The last of them first.
        steps.Reverse();
        return steps.Count == 0 || AffineStep.Combine(steps) is not { } all ? null
            : new AffineStep(input, all.Scale[first..(first + length)], all.Shift[first..(first + length)]);
    }

    // A code where one is asked for, now and then one that no column knows, else a number within the knots and a little beyond.
    private static Func<double> Feature(FeatureColumn[] columns, Xoshiro256 random)
    {
        int codes = columns.Select(column => column.Codes).Append(0).Max();
        double[] known = [.. columns.Where(column => column.Kind == FeatureKind.Equal).Select(column => (double)column.X[0]).Distinct()];
        if (codes > 0)
        {
            return () => random.Next(codes + 1);
        }

        if (known.Length > 0)
        {
            return () => random.Next(known.Length + 1) is var i && i < known.Length ? known[i] : known.Max() + 1;
        }

        float[] x = [.. columns.SelectMany(column => column.X)];
        if (x.Length == 0)
        {
            return () => Normal(random);
        }

        (double low, double high) = (x.Min(), x.Max());
        double margin = high > low ? (high - low) / 4 : Math.Max(1, Math.Abs(high));
        return () => low - margin + ((high - low + (2 * margin)) * random.NextDouble());
    }

    // From a little below the least threshold of a feature to a little above the largest.
    private static (double Low, double High)[] Thresholds(Node trees, int features)
    {
        var forest = Forest.Of(trees);
        ILookup<int, float> byFeature = forest.Splits().Where(i => float.IsFinite(forest.Thresholds[i])).ToLookup(i => forest.Features[i], i => forest.Thresholds[i]);
        return [.. Enumerable.Range(0, features).Select(feature =>
        {
            if (!byFeature.Contains(feature))
            {
                return (-1.0, 1.0);
            }

            (double low, double high) = (byFeature[feature].Min(), byFeature[feature].Max());
            double margin = high > low ? (high - low) / 4 : Math.Max(1, Math.Abs(high));
            return (low - margin, high + margin);
        })];
    }
}
