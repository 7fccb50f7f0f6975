using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Reference.Definitions;

/// <summary>Pools, element by element of each window.</summary>
internal static class Windows
{
    internal static double[][] Pool(OperatorRow row)
    {
        Values x = row.In(0);
        int[] shape = row.Outputs[0].Shape;
        double[] y = new double[Grid.Count(shape)];
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = Window(row, x, Grid.Position(i, shape));
        }

        return [y];
    }

    private static double Window(OperatorRow row, Values x, int[] at)
    {
        var inside = new List<double>();
        int padding = 0;
        for (int kh = 0; kh < row.Int("kernel_h"); kh++)
        {
            for (int kw = 0; kw < row.Int("kernel_w"); kw++)
            {
                int r = (at[1] * row.Int("stride_h")) - row.Int("pad_top") + (kh * row.Int("dilation_h"));
                int c = (at[2] * row.Int("stride_w")) - row.Int("pad_left") + (kw * row.Int("dilation_w"));
                if (r >= 0 && r < x.Shape[1] && c >= 0 && c < x.Shape[2])
                {
                    inside.Add(x.Data[Grid.Index([at[0], r, c, at[3]], x.Shape)]);
                }
                else if (r >= -row.Int("pad_top") && r < x.Shape[1] + row.Int("pad_bottom") && c >= -row.Int("pad_left") && c < x.Shape[2] + row.Int("pad_right"))
                {
                    padding++;
                }
            }
        }

        padding = row.Int("count_include_pad") == 1 ? padding : 0;
        int count = inside.Count + padding;
        if (row.Type == TensorType.Float32)
        {
            return row.Opcode == Opcode.MaxPool
                ? inside.Aggregate(double.NegativeInfinity, (a, b) => double.IsNaN(a) || a > b ? a : b)
                : count == 0 ? 0 : inside.Sum() / count;
        }

        // Padding stands for 0, whose code is the zero point, and so does a window with nothing in it.
        long code = row.Opcode == Opcode.MaxPool
            ? inside.Count == 0 ? row.Int("min") : (long)inside.Max()
            : count == 0 ? x.ZeroPoint : Rounding.Quotient((long)inside.Sum() + (padding * (long)x.ZeroPoint), count);
        return Rounding.Clamp(code, row.Int("min"), row.Int("max"));
    }
}
