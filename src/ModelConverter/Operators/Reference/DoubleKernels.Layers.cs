using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Operators.Reference;

/// <content>Matrix products, convolutions and poolings.</content>
internal static partial class DoubleKernels
{
    internal static double[] Dense(Node node, double[]?[] inputs)
    {
        double[] x = inputs[0]!;
        double[] weights = inputs[1]!;
        int units = node.Input(1).Shape[0];
        int depth = node.Input(1).Shape[1];
        var y = new double[x.Length / depth * units];
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = Dot(x.AsSpan(i / units * depth, depth), weights.AsSpan(i % units * depth, depth)) + (inputs.ElementAtOrDefault(2)?[i % units] ?? 0);
        }

        return Activate(node, y, DenseRule.Activation);
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    internal static double[] MatMul(Node node, double[]?[] inputs)
    {
        (int[] left, int[] right, int[] shape) = (node.Input(0).Shape, node.Input(1).Shape, node.Output.Shape);
        int depth = left[^1];
        double[] a = Broadcast(inputs[0]!, left, [.. shape[..^2], shape[^2], depth]);
        double[] b = Broadcast(inputs[1]!, right, [.. shape[..^2], depth, shape[^1]]);
        int columns = shape[^1];
        int matrix = shape[^2] * columns;
        var y = new double[node.Output.Elements];
        for (int i = 0; i < y.Length; i++)
        {
            int batch = i / matrix;
            double sum = 0;
            for (int k = 0; k < depth; k++)
            {
                sum += a[(i / columns * depth) + k] * b[(batch * depth * columns) + (k * columns) + (i % columns)];
            }

            y[i] = sum;
        }

        return y;
    }

    internal static double[] Conv(Node node, double[]?[] inputs)
    {
        int[] x = node.Input(0).Shape;
        int[] w = node.Input(1).Shape;
        int[] shape = node.Output.Shape;
        int[] p = node.Parameters;
        int perGroup = w[3];
        int unitsPerGroup = w[0] / p[ConvRule.Groups];
        var y = new double[node.Output.Elements];
        for (int index = 0; index < y.Length; index++)
        {
            int unit = index % shape[3];
            int column = index / shape[3] % shape[2];
            int row = index / shape[3] / shape[2] % shape[1];
            int image = index / shape[3] / shape[2] / shape[1];
            double sum = inputs.ElementAtOrDefault(2)?[unit] ?? 0;
            for (int i = 0; i < w[1]; i++)
            {
                int top = (row * p[ConvRule.Stride]) - p[ConvRule.Pad] + (i * p[ConvRule.Dilation]);
                for (int j = 0; j < w[2]; j++)
                {
                    int left = (column * p[ConvRule.Stride + 1]) - p[ConvRule.Pad + 1] + (j * p[ConvRule.Dilation + 1]);
                    if (top >= 0 && top < x[1] && left >= 0 && left < x[2])
                    {
                        int from = (((((image * x[1]) + top) * x[2]) + left) * x[3]) + (unit / unitsPerGroup * perGroup);
                        sum += Dot(inputs[0].AsSpan(from, perGroup), inputs[1].AsSpan(((((unit * w[1]) + i) * w[2]) + j) * perGroup, perGroup));
                    }
                }
            }

            y[index] = sum;
        }

        return Activate(node, y, DenseRule.Activation);
    }

    internal static double[] ConvTranspose(Node node, double[]?[] inputs)
    {
        int[] x = node.Input(0).Shape;
        int[] w = node.Input(1).Shape;
        int[] shape = node.Output.Shape;
        int[] p = node.Parameters;
        int perGroup = w[3];
        int unitsPerGroup = w[0] / p[ConvRule.Groups];
        double[]? bias = inputs.ElementAtOrDefault(2);
        var y = new double[node.Output.Elements];
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = bias?[i % shape[3]] ?? 0;
        }

        for (int pixel = 0; pixel < x[0] * x[1] * x[2]; pixel++)
        {
            (int image, int row, int column) = (pixel / x[2] / x[1], pixel / x[2] % x[1], pixel % x[2]);
            for (int window = 0; window < w[1] * w[2]; window++)
            {
                int top = (row * p[ConvRule.Stride]) - p[ConvRule.Pad] + (window / w[2] * p[ConvRule.Dilation]);
                int left = (column * p[ConvRule.Stride + 1]) - p[ConvRule.Pad + 1] + (window % w[2] * p[ConvRule.Dilation + 1]);
                if (top < 0 || top >= shape[1] || left < 0 || left >= shape[2])
                {
                    continue;
                }

                int to = ((((image * shape[1]) + top) * shape[2]) + left) * shape[3];
                for (int unit = 0; unit < shape[3]; unit++)
                {
                    int from = (pixel * x[3]) + (unit / unitsPerGroup * perGroup);
                    y[to + unit] += Dot(inputs[0].AsSpan(from, perGroup), inputs[1].AsSpan(((unit * w[1] * w[2]) + window) * perGroup, perGroup));
                }
            }
        }

        return Activate(node, y, DenseRule.Activation);
    }

    internal static double[] Pool(Node node, double[]?[] inputs, bool isMax)
    {
        int[] x = node.Input(0).Shape;
        int[] shape = node.Output.Shape;
        int[] p = node.Parameters;
        bool countsPads = p[PoolRule.CountIncludePad] != 0;
        var y = new double[node.Output.Elements];
        for (int index = 0; index < y.Length; index++)
        {
            int channel = index % shape[3];
            int column = index / shape[3] % shape[2];
            int row = index / shape[3] / shape[2] % shape[1];
            int image = index / shape[3] / shape[2] / shape[1];
            double result = isMax ? double.NegativeInfinity : 0;
            int counted = 0;
            for (int i = 0; i < p[PoolRule.Kernel]; i++)
            {
                int top = (row * p[PoolRule.Stride]) - p[PoolRule.Pad] + (i * p[PoolRule.Dilation]);
                for (int j = 0; j < p[PoolRule.Kernel + 1]; j++)
                {
                    int left = (column * p[PoolRule.Stride + 1]) - p[PoolRule.Pad + 1] + (j * p[PoolRule.Dilation + 1]);
                    bool isInside = top >= 0 && top < x[1] && left >= 0 && left < x[2];
                    counted += isInside || (countsPads && top < x[1] + p[PoolRule.PadEnd] && left < x[2] + p[PoolRule.PadEnd + 1]) ? 1 : 0;
                    if (isInside)
                    {
                        double value = inputs[0]![(((((image * x[1]) + top) * x[2]) + left) * x[3]) + channel];
                        result = isMax ? Math.Max(result, value) : result + value;
                    }
                }
            }

            y[index] = isMax || counted == 0 ? result : result / counted;
        }

        return y;
    }
}
