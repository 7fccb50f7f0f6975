namespace EdgeInference.ModelFormat.Rules
{
    /// <summary>
    /// Conv: x [n, h, w, in], weights [out, kernel h, kernel w, in / groups], bias [out] (optional), output [n, oh, ow, out].
    /// Output (r, c) sums over x (r·stride − pad + k·dilation, ...); what lies outside x counts as 0 (quantized: as x's zero
    /// point). Types, quantization inputs and the first six parameters are those of Dense. A convolution over one axis has
    /// height 1. Depthwise: groups = in.
    /// </summary>
    internal static class ConvRule
    {
        /// <summary>Position of the strides: vertical, horizontal.</summary>
        public const int Stride = 6;

        /// <summary>Position of the dilations: vertical, horizontal.</summary>
        public const int Dilation = 8;

        /// <summary>Position of the rows above and the columns left of x.</summary>
        public const int Pad = 10;

        /// <summary>Position of the number of groups.</summary>
        public const int Groups = 12;

        /// <summary>The rule.</summary>
        public static void Check(OperatorCheck check)
        {
            Check(check, false);
        }

        /// <summary>The rule, or that of ConvTranspose, whose window moves over the output.</summary>
        internal static void Check(OperatorCheck check, bool isTransposed)
        {
            TensorInfo x = check.Input(0);
            TensorInfo weights = check.Input(1);
            TensorInfo output = check.Operator.Outputs[0];
            check.Require(x.Rank == 4 && weights.Rank == 4 && output.Rank == 4, "needs four dimensions");
            check.Require(weights.Storage == TensorStorage.Constant, "needs constant weights");
            int units = weights.Dimension(0);
            int groups = check.IntWithin(Groups, 1, units);
            check.Require(units % groups == 0 && x.Dimension(3) == (long)weights.Dimension(3) * groups, "has weights for a different number of channels");
            check.Require(output.Dimension(0) == x.Dimension(0) && output.Dimension(3) == units, "has an output with a different batch or number of channels");
            TensorInfo places = isTransposed ? x : output;
            for (int i = 0; i < 2; i++)
            {
                CheckWindow(check, i, Stride, Dilation, Pad, weights.Dimension(1 + i), places.Dimension(1 + i));
            }

            DenseRule.CheckTypes(check, units);
            if (weights.Type == TensorType.Float32)
            {
                // Kernels may or may not multiply what lies outside x, 0, by its weight.
                check.FiniteConstant(1);
            }
        }

        /// <summary>Strides, dilations and pads must be small enough that no position overflows.</summary>
        internal static void CheckWindow(OperatorCheck check, int axis, int stride, int dilation, int pad, int kernel, int output)
        {
            long farthest = (output - 1L) * check.IntWithin(stride + axis, 1, 65535);
            farthest += (kernel - 1L) * check.IntWithin(dilation + axis, 1, 65535);
            farthest += check.IntWithin(pad + axis, 0, 1 << 28);
            check.Require(farthest < 1 << 30, "has a window that is too large");
        }
    }
}
