using EdgeInference.ModelConverter.Activations;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Operators.Reference;

/// <summary>The float32 operators in double precision; the meaning of inputs and parameters is that of each operator's rule.</summary>
internal static partial class DoubleKernels
{
    internal static double[] Activation(Node node, double[]?[] inputs)
    {
        double[]? slopes = inputs.Length > 1 ? inputs[1] : null;
        ActivationFunction function = ActivationFunctions.Get((ActivationKind)node.Parameters[ActivationRule.Kind]);
        (double alpha, double beta) = (node.Float(ActivationRule.Alpha), node.Float(ActivationRule.Beta));
        return [.. inputs[0]!.Select((x, i) => function.Value(x, slopes is null ? alpha : slopes[i % slopes.Length], beta))];
    }

    // A Dense or convolution applies one as it writes.
    private static double[] Activate(Node node, double[] values, int parameter)
    {
        var kind = (ActivationKind)node.Parameters[parameter];
        if (kind != ActivationKind.Linear)
        {
            Apply(kind, node.Float(parameter + 1), node.Float(parameter + 2), values);
        }

        return values;
    }

    private static void Apply(ActivationKind kind, double alpha, double beta, Span<double> values)
    {
        ActivationFunction function = ActivationFunctions.Get(kind);
        foreach (ref double value in values)
        {
            value = function.Value(value, alpha, beta);
        }
    }

    internal static double[] Softmax(Node node, double[]?[] inputs, double beta, bool logarithm)
    {
        double[] x = inputs[0]!;
        var y = new double[x.Length];
        int depth = node.Input(0).LastDimension;
        for (int start = 0; start < x.Length; start += depth)
        {
            ReadOnlySpan<double> row = x.AsSpan(start, depth);
            double largest = double.NegativeInfinity;
            foreach (double value in row)
            {
                largest = Math.Max(largest, beta * value);
            }

            double sum = 0;
            foreach (double value in row)
            {
                sum += Math.Exp((beta * value) - largest);
            }

            for (int i = 0; i < depth; i++)
            {
                double z = (beta * row[i]) - largest;
                y[start + i] = logarithm ? z - Math.Log(sum) : Math.Exp(z) / sum;
            }
        }

        return y;
    }

    internal static double[] LayerNormalization(Node node, double[]?[] inputs)
    {
        double[] x = inputs[0]!;
        double[]? scale = inputs.ElementAtOrDefault(1);
        double[]? bias = inputs.ElementAtOrDefault(2);
        int depth = node.Input(0).Shape[^node.Parameters[LayerNormalizationRule.Axes]..].Aggregate(1, (a, b) => a * b);
        double epsilon = node.Float(LayerNormalizationRule.Epsilon);
        var y = new double[x.Length];
        for (int start = 0; start < x.Length; start += depth)
        {
            double[] row = x[start..(start + depth)];
            double mean = node.Parameters[LayerNormalizationRule.Center] != 0 ? row.Average() : 0;
            double factor = 1 / Math.Sqrt(row.Average(value => (value - mean) * (value - mean)) + epsilon);
            for (int i = 0; i < depth; i++)
            {
                y[start + i] = ((row[i] - mean) * factor * (scale?[i] ?? 1)) + (bias?[i] ?? 0);
            }
        }

        return y;
    }

    internal static double[] LRN(Node node, double[]?[] inputs)
    {
        double[] x = inputs[0]!;
        int depth = node.Input(0).LastDimension;
        int size = node.Parameters[LRNRule.Size];
        int before = (size - 1) / 2;
        var y = new double[x.Length];
        for (int i = 0; i < y.Length; i++)
        {
            int first = i / depth * depth;
            double squares = 0;
            for (int k = Math.Max(first, i - before); k <= Math.Min(first + depth - 1, i - before + size - 1); k++)
            {
                squares += x[k] * x[k];
            }

            y[i] = x[i] / Math.Pow(node.Float(LRNRule.Bias) + (node.Float(LRNRule.Alpha) / size * squares), node.Float(LRNRule.Beta));
        }

        return y;
    }
}
