using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Reference.Definitions;

/// <summary>Dense and the convolutions: sums of products, then an activation, or a requantization, a clamp and a table.</summary>
internal static class Layers
{
    internal static double[][] Dense(OperatorRow row)
    {
        Values x = row.In(0);
        Values weights = row.In(1);
        int depth = weights.Shape[^1];
        bool halves = weights.Shape.Length == 3;
        int units = weights.Shape[0];
        double[] y = new double[row.Outputs[0].Elements];
        for (int i = 0; i < y.Length; i++)
        {
            int unit = i % units;
            var sum = new Sum(row, unit);
            for (int k = 0; k < depth; k++)
            {
                double weight = halves ? (256 * weights.Data[(2 * unit * depth) + k]) + weights.Data[(((2 * unit) + 1) * depth) + k] : weights.Data[(unit * depth) + k];
                sum.Add(x.Data[(i / units * depth) + k], weight);
            }

            y[i] = sum.Finish();
        }

        return [y];
    }

    internal static double[][] Conv(OperatorRow row)
    {
        Values x = row.In(0);
        Values w = row.In(1);
        int[] shape = row.Outputs[0].Shape;
        int unitsPerGroup = shape[3] / row.Int("groups");
        double[] y = new double[row.Outputs[0].Elements];
        for (int i = 0; i < y.Length; i++)
        {
            int[] at = Grid.Position(i, shape);
            var sum = new Sum(row, at[3]);
            for (int kh = 0; kh < w.Shape[1]; kh++)
            {
                for (int kw = 0; kw < w.Shape[2]; kw++)
                {
                    int r = (at[1] * row.Int("stride_h")) - row.Int("pad_top") + (kh * row.Int("dilation_h"));
                    int c = (at[2] * row.Int("stride_w")) - row.Int("pad_left") + (kw * row.Int("dilation_w"));
                    if (r < 0 || r >= x.Shape[1] || c < 0 || c >= x.Shape[2])
                    {
                        continue;
                    }

                    for (int k = 0; k < w.Shape[3]; k++)
                    {
                        int channel = (at[3] / unitsPerGroup * w.Shape[3]) + k;
                        sum.Add(x.Data[Grid.Index([at[0], r, c, channel], x.Shape)], w.Data[Grid.Index([at[3], kh, kw, k], w.Shape)]);
                    }
                }
            }

            y[i] = sum.Finish();
        }

        return [y];
    }

    internal static double[][] ConvTranspose(OperatorRow row)
    {
        Values x = row.In(0);
        Values w = row.In(1);
        int[] shape = row.Outputs[0].Shape;
        int unitsPerGroup = shape[3] / row.Int("groups");
        var sums = new Sum[row.Outputs[0].Elements];
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] = new Sum(row, i % shape[3]);
        }

        // Looked up once: the loops below pass here for each pair of an element and a weight.
        (int top, int left) = (row.Int("pad_top"), row.Int("pad_left"));
        (int strideH, int strideW) = (row.Int("stride_h"), row.Int("stride_w"));
        (int dilationH, int dilationW) = (row.Int("dilation_h"), row.Int("dilation_w"));
        int elements = x.Elements;
        int[][] taps = [.. Enumerable.Range(0, w.Elements).Select(j => Grid.Position(j, w.Shape))];
        for (int i = 0; i < elements; i++)
        {
            int[] at = Grid.Position(i, x.Shape);
            for (int j = 0; j < taps.Length; j++)
            {
                int[] tap = taps[j];
                int r = (at[1] * strideH) - top + (tap[1] * dilationH);
                int c = (at[2] * strideW) - left + (tap[2] * dilationW);
                bool sameGroup = (tap[0] / unitsPerGroup * w.Shape[3]) + tap[3] == at[3];
                if (sameGroup && r >= 0 && r < shape[1] && c >= 0 && c < shape[2])
                {
                    sums[Grid.Index([at[0], r, c, tap[0]], shape)].Add(x.Data[i], w.Data[j]);
                }
            }
        }

        return [Array.ConvertAll(sums, sum => sum.Finish())];
    }

    /// <summary>The sum of one output.</summary>
    private sealed class Sum
    {
        private readonly OperatorRow row;
        private readonly int unit;
        private double real;
        private long whole;

        internal Sum(OperatorRow row, int unit)
        {
            this.row = row;
            this.unit = unit;
            real = row.Has(2) ? row.In(2).Data[unit] : 0;
            whole = row.Type == TensorType.Float32 ? 0 : (long)real;
        }

        internal void Add(double x, double weight)
        {
            real += x * weight;
            whole += row.Type == TensorType.Float32 ? 0 : (long)(x - row.In(0).ZeroPoint) * (long)weight;
        }

        internal double Finish()
        {
            if (row.Type == TensorType.Float32)
            {
                return RealFunctions.Activation((ActivationKind)row.Int("activation"), real, row.Parameter("alpha"), row.Parameter("beta"));
            }

            int channel = row.In(3).Elements == 1 ? 0 : unit;
            long multiplier = (long)row.In(3).Data[channel];
            int shift = (int)row.In(4).Data[channel];
            long scaled = row.Type == TensorType.Int8 ? Rounding.Scale32(whole, multiplier, shift) : Rounding.Scale64(whole, multiplier, shift);
            long code = Rounding.Clamp(scaled + row.Int("zero_point"), row.Int("min"), row.Int("max"));
            return row.Has(5) ? row.In(5).Data[code + 128] : code;
        }
    }
}
