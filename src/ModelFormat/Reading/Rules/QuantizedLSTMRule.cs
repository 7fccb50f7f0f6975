using EdgeInference.ModelFormat.Numerics;

namespace EdgeInference.ModelFormat.Rules
{
    /// <summary>
    /// QuantizedLSTM, one direction, in the integers of TensorFlow Lite. Inputs: x [t, n, in], int8 or int16; weights
    /// [4 · hidden, in] and recurrent weights [4 · hidden, hidden], int8 constants, gates in the order i o f c; bias [4 · hidden],
    /// int32 (int16 x: int64) constant (optional), which joins the sums over x; first state [n, hidden] (optional, else 0)
    /// and first cell [n, hidden] in int16 (optional, else 0); multipliers and shifts of the sums over x, and of those over
    /// the state (1, one a gate, or 4 · hidden of each); the table of <see cref="SigmoidLines"/>, uint16 in an int16 constant.
    /// Outputs: all states [t, n, hidden], the last [n, hidden], both as x, and the last cell [n, hidden] in int16. The first state and
    /// cell may be the last one's own memory. In int16 and for the cell zero points are 0. With R for a requantization and every
    /// step bounded to int16: a gate is R(W·(x − zx) + b) + R(U·(h − zh)) in steps of 1/4096,
    /// c' = R(σ(f)·c) + R(σ(i)·tanh(c̃)) within the cell's clip, h' = R(σ(o)·tanh(c')) + zh.
    /// </summary>
    internal static class QuantizedLSTMRule
    {
        /// <summary>Position of the multipliers of the sums over x among the inputs; their shifts follow.</summary>
        public const int InputFactors = 6;

        /// <summary>Position of the multipliers of the sums over the state; their shifts follow.</summary>
        public const int StateFactors = 8;

        /// <summary>Position of the table of sigmoid and tanh among the inputs.</summary>
        public const int Table = 10;

        /// <summary>Position of 1 where the steps run from the last to the first.</summary>
        public const int Reverse = 0;

        /// <summary>Position of the largest magnitude of the cell, 0 for none.</summary>
        public const int CellClip = 1;

        /// <summary>Position of what makes the cell a position in the table, 1 to 32767; its shift to the right, 0 to 31, follows.</summary>
        public const int CellPosition = 2;

        /// <summary>Position of the multiplier of σ(f)·c; its shift follows.</summary>
        public const int Forget = 4;

        /// <summary>Position of the multiplier of σ(i)·tanh(c̃); its shift follows.</summary>
        public const int Input = 6;

        /// <summary>Position of the multiplier of σ(o)·tanh(c'); its shift follows.</summary>
        public const int Output = 8;

        /// <summary>The rule.</summary>
        public static void Check(OperatorCheck check)
        {
            int hidden = CheckLayer(check, 4);

            // A tensor's size bounds the state to 8191 units, whose sums are proven by their number.
            CheckSums(check, 1, check.Input(0), 3);
            CheckFactors(check, InputFactors, hidden);
            CheckFactors(check, StateFactors, hidden);
            CheckParameters(check);
        }

        /// <summary>Input, weights, states and table must be those of a quantized recurrent layer of so many gates; gives hidden.</summary>
        internal static int CheckLayer(OperatorCheck check, int gates)
        {
            TensorInfo x = check.Input(0);
            check.Require((x.Type == TensorType.Int8 || x.Type == TensorType.Int16) && x.Rank == 3, "takes int8 or int16 of three dimensions");
            int hidden = RecurrentRule.CheckWeights(check, check.Constant(1, TensorType.Int8), check.Constant(2, TensorType.Int8), gates);
            CheckStates(check, (long)x.Dimension(1) * hidden, x.Dimension(0));
            check.Constant(Table, TensorType.Int16, SigmoidLines.Entries);
            return hidden;
        }

        /// <summary>No input can make the sums of a product leave what its kernels add in.</summary>
        /// <param name="check">The operator, whose layer was checked.</param>
        /// <param name="weights">Position of the weights among the inputs.</param>
        /// <param name="source">What they are multiplied with.</param>
        /// <param name="bias">Position of the bias, which the operator need not have.</param>
        internal static void CheckSums(OperatorCheck check, int weights, TensorInfo source, int bias)
        {
            TensorInfo matrix = check.Input(weights);
            TensorInfo added = check.Operator.HasInput(bias) ? check.Constant(bias, check.Type == TensorType.Int8 ? TensorType.Int32 : TensorType.Int64, matrix.Dimension(0)) : null;
            DenseRule.CheckSums(check, source, matrix, added);
        }

        // What is carried from step to step has one scale, whether it comes from an input or goes to an output.
        private static void CheckStates(OperatorCheck check, long elements, int steps)
        {
            TensorInfo state = check.Output(1, check.Type, elements);
            TensorInfo cell = check.Output(2, TensorType.Int16, elements);
            check.Quantized(check.Input(0));
            check.SameQuantization(check.Output(0, check.Type, steps * elements), state);
            check.Quantized(cell);
            check.Require(cell.ZeroPoint == 0, "needs a cell with zero point 0");
            check.Require(check.Type == TensorType.Int8 || (check.Input(0).ZeroPoint == 0 && state.ZeroPoint == 0), "needs int16 inputs and states with zero point 0");
            CheckFirst(check, RecurrentRule.FirstState, state);
            CheckFirst(check, RecurrentRule.FirstCell, cell);
        }

        private static void CheckFirst(OperatorCheck check, int position, TensorInfo last)
        {
            if (check.Operator.HasInput(position))
            {
                TensorInfo first = check.Input(position);
                check.Require(first.Type == last.Type && first.Elements == last.Elements, "has an initial state of the wrong size");
                check.SameQuantization(first, last);
            }
        }

        private static void CheckFactors(OperatorCheck check, int position, int hidden)
        {
            int most = check.Constant(position, TensorType.Int32).Elements > 4 ? 4 * hidden : 4;
            check.Requantization(position, most, check.Type == TensorType.Int8 ? 30 : 7);
        }

        // A product of two int16 is at most 2^30 in magnitude, and int32 holds the sum of two results.
        private static void CheckParameters(OperatorCheck check)
        {
            check.IntWithin(Reverse, 0, 1);
            check.IntWithin(CellClip, 0, short.MaxValue);
            check.IntWithin(CellPosition, 1, short.MaxValue);
            check.IntWithin(CellPosition + 1, 0, 31);
            for (int i = Forget; i <= Output; i += 2)
            {
                check.IntWithin(i, 0, int.MaxValue);
                check.IntWithin(i + 1, -31, 30);
            }
        }
    }
}
