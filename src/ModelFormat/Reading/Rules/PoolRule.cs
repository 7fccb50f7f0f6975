namespace EdgeInference.ModelFormat.Rules
{
    /// <summary>
    /// MaxPool and AveragePool: x [n, h, w, c] float32, int8 or int16, output [n, oh, ow, c] of the same type and, where it is
    /// quantized, the same scale. The average divides by the elements of the window within x, or within x and its pads where
    /// count_include_pad is 1. min and max clamp quantized outputs.
    /// </summary>
    internal static class PoolRule
    {
        /// <summary>Position of the window: height, width.</summary>
        public const int Kernel = 0;

        /// <summary>Position of the strides: vertical, horizontal.</summary>
        public const int Stride = 2;

        /// <summary>Position of the dilations: vertical, horizontal.</summary>
        public const int Dilation = 4;

        /// <summary>Position of the rows above and the columns left of x.</summary>
        public const int Pad = 6;

        /// <summary>Position of the rows below and the columns right of x, which count where pads do.</summary>
        public const int PadEnd = 8;

        /// <summary>Position of 1 where pads count.</summary>
        public const int CountIncludePad = 10;

        /// <summary>Position of the lowest quantized output, and after it the highest.</summary>
        public const int Min = 11;

        /// <summary>The rule.</summary>
        public static void Check(OperatorCheck check)
        {
            TensorInfo x = check.Input(0);
            TensorInfo output = check.Operator.Outputs[0];
            check.Require(x.Rank == 4 && output.Rank == 4 && output.Type == x.Type, "needs four dimensions and one type");
            check.Require(output.Dimension(0) == x.Dimension(0) && output.Dimension(3) == x.Dimension(3), "changes batch or channels");
            check.IntWithin(CountIncludePad, 0, 1);
            for (int i = 0; i < 2; i++)
            {
                int kernel = check.IntWithin(Kernel + i, 1, 1 << 24);
                check.IntWithin(PadEnd + i, 0, 1 << 28);
                ConvRule.CheckWindow(check, i, Stride, Dilation, Pad, kernel, output.Dimension(1 + i));
            }

            check.Require((long)check.Operator.Int(Kernel) * check.Operator.Int(Kernel + 1) <= int.MaxValue, "has a window of more elements than 32 bits count");
            if (check.Type != TensorType.Float32)
            {
                check.Require(check.Type == TensorType.Int8 || check.Type == TensorType.Int16, "takes float32, int8 or int16");
                check.Quantized(x);
                check.Quantized(output);
                check.Require(x.Scale == output.Scale && x.ZeroPoint == output.ZeroPoint, "changes the scale");
                check.ClampWithin(Min, check.Type);
            }
        }
    }
}
