using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelFormat
{
    /// <summary>
    /// The one list of operators: how each looks in a file, and which rule a validated instance satisfies; each engine adds a kernel.
    /// Tests fail where one lacks a line here, in <see cref="OperatorNames"/>, in docs/operators.md, or a kernel.
    /// </summary>
    /// <remarks>Switches instead of rows: a device has room for what its model uses, not for a table of everything.</remarks>
    internal static partial class OperatorTable
    {
        // Places in a form, after the fewest inputs: most inputs, outputs, parameters, and those of the first ten that are float32 as bits.
        private const int Most = 1 << 4;
        private const int Gives = 1 << 12;
        private const int Numbers = 1 << 16;
        private const int Floats = 1 << 21;

        /// <summary>Inputs, outputs and parameters of an operator, for <see cref="MinInputs"/> and what follows it; 0 if this version has none of that number.</summary>
        public static int FormOf(int opcode)
        {
            // One return: each takes a device twelve bytes of every call.
            int form = 0;
            switch ((Opcode)opcode)
            {
                case Opcode.Dense: form = 2 + (6 * Most) + (1 * Gives) + (6 * Numbers) + (0x6 * Floats); break;
                case Opcode.Activation: form = 1 + (2 * Most) + (1 * Gives) + (3 * Numbers) + (0x6 * Floats); break;
                case Opcode.Table: form = 2 + (2 * Most) + (1 * Gives) + (0 * Numbers); break;
                case Opcode.Softmax: form = 1 + (3 * Most) + (1 * Gives) + (4 * Numbers) + (0x1 * Floats); break;
                case Opcode.Quantize: form = 1 + (3 * Most) + (1 * Gives) + (0 * Numbers); break;
                case Opcode.Dequantize: form = 1 + (1 * Most) + (1 * Gives) + (0 * Numbers); break;
                case Opcode.Add: form = 2 + (2 * Most) + (1 * Gives) + (8 * Numbers); break;
                case Opcode.Sub: form = 2 + (2 * Most) + (1 * Gives) + (8 * Numbers); break;
                case Opcode.Mul: form = 2 + (2 * Most) + (1 * Gives) + (8 * Numbers); break;
                case Opcode.Div: form = 2 + (2 * Most) + (1 * Gives) + (8 * Numbers); break;
                case Opcode.Reshape: form = 1 + (1 * Most) + (1 * Gives) + (0 * Numbers); break;
                case Opcode.Unary: form = 1 + (1 * Most) + (1 * Gives) + (3 * Numbers) + (0x6 * Floats); break;
                case Opcode.Binary: form = 2 + (2 * Most) + (1 * Gives) + (1 * Numbers); break;
                case Opcode.Transpose: form = 1 + (1 * Most) + (1 * Gives) + (6 * Numbers); break;
                case Opcode.Slice: form = 1 + (1 * Most) + (1 * Gives) + (12 * Numbers); break;
                case Opcode.Expand: form = 1 + (1 * Most) + (1 * Gives) + (0 * Numbers); break;
                case Opcode.Concat: form = 1 + (255 * Most) + (1 * Gives) + (1 * Numbers); break;
                case Opcode.Pad: form = 1 + (1 * Most) + (1 * Gives) + (8 * Numbers); break;
                case Opcode.Gather: form = 2 + (2 * Most) + (1 * Gives) + (1 * Numbers); break;
                case Opcode.Reduce: form = 1 + (1 * Most) + (1 * Gives) + (4 * Numbers); break;
                case Opcode.ArgReduce: form = 1 + (1 * Most) + (1 * Gives) + (3 * Numbers); break;
                case Opcode.Where: form = 3 + (3 * Most) + (1 * Gives) + (0 * Numbers); break;
                case Opcode.MatMul: form = 2 + (2 * Most) + (1 * Gives) + (0 * Numbers); break;
                case Opcode.Conv: form = 2 + (6 * Most) + (1 * Gives) + (13 * Numbers) + (0x6 * Floats); break;
                case Opcode.ConvTranspose: form = 2 + (6 * Most) + (1 * Gives) + (13 * Numbers) + (0x6 * Floats); break;
                case Opcode.MaxPool: form = 1 + (1 * Most) + (1 * Gives) + (13 * Numbers); break;
                case Opcode.AveragePool: form = 1 + (1 * Most) + (1 * Gives) + (13 * Numbers); break;
                case Opcode.LayerNormalization: form = 1 + (3 * Most) + (1 * Gives) + (3 * Numbers) + (0x4 * Floats); break;
                case Opcode.LRN: form = 1 + (1 * Most) + (1 * Gives) + (4 * Numbers) + (0xE * Floats); break;
                case Opcode.RNN: form = 3 + (5 * Most) + (2 * Gives) + (12 * Numbers) + (0x3B6 * Floats); break;
                case Opcode.GRU: form = 3 + (5 * Most) + (2 * Gives) + (12 * Numbers) + (0x3B6 * Floats); break;
                case Opcode.LSTM: form = 3 + (7 * Most) + (3 * Gives) + (12 * Numbers) + (0x3B6 * Floats); break;
                case Opcode.TreeEnsemble: form = 6 + (9 * Most) + (1 * Gives) + (3 * Numbers); break;
                case Opcode.PairwiseCoupling: form = 1 + (1 * Most) + (1 * Gives) + (0 * Numbers); break;
                case Opcode.LogSoftmax: form = 1 + (1 * Most) + (1 * Gives) + (0 * Numbers); break;
                case Opcode.CumSum: form = 1 + (1 * Most) + (1 * Gives) + (3 * Numbers); break;
                case Opcode.QuantizedLSTM: form = 11 + (11 * Most) + (3 * Gives) + (10 * Numbers); break;
                case Opcode.QuantizedRecurrent: form = 11 + (12 * Most) + (3 * Gives) + (4 * Numbers); break;
                case Opcode.FeatureTransform: form = 3 + (5 * Most) + (1 * Gives) + (0 * Numbers); break;
            }

            return form;
        }

        /// <summary>Checks what every instance must satisfy so that every kernel stays within its tensors.</summary>
        /// <param name="check">An operator that <see cref="FormOf"/> knows.</param>
        /// <exception cref="ModelFormatException">It does not; the message says why.</exception>
        public static void Check(OperatorCheck check)
        {
            switch (check.Operator.Opcode)
            {
                case Opcode.Dense: DenseRule.Check(check); break;
                case Opcode.Activation: ActivationRule.Check(check); break;
                case Opcode.Table: TableRule.Check(check); break;
                case Opcode.Softmax: SoftmaxRule.Check(check); break;
                case Opcode.Quantize: QuantizeRule.Check(check); break;
                case Opcode.Dequantize: DequantizeRule.Check(check); break;
                case Opcode.Add: BinaryRule.Check(check); break;
                case Opcode.Sub: BinaryRule.Check(check); break;
                case Opcode.Mul: BinaryRule.Check(check); break;
                case Opcode.Div: BinaryRule.Check(check); break;
                case Opcode.Reshape: ReshapeRule.Check(check); break;
                case Opcode.Unary: UnaryRule.Check(check); break;
                case Opcode.Binary: BinaryRule.CheckKind(check); break;
                case Opcode.Transpose: TransposeRule.Check(check); break;
                case Opcode.Slice: SliceRule.Check(check); break;
                case Opcode.Expand: ExpandRule.Check(check); break;
                case Opcode.Concat: ConcatRule.Check(check); break;
                case Opcode.Pad: PadRule.Check(check); break;
                case Opcode.Gather: GatherRule.Check(check); break;
                case Opcode.Reduce: ReduceRule.Check(check); break;
                case Opcode.ArgReduce: ArgReduceRule.Check(check); break;
                case Opcode.Where: WhereRule.Check(check); break;
                case Opcode.MatMul: MatMulRule.Check(check); break;
                case Opcode.Conv: ConvRule.Check(check); break;
                case Opcode.ConvTranspose: ConvTransposeRule.Check(check); break;
                case Opcode.MaxPool: PoolRule.Check(check); break;
                case Opcode.AveragePool: PoolRule.Check(check); break;
                case Opcode.LayerNormalization: LayerNormalizationRule.Check(check); break;
                case Opcode.LRN: LRNRule.Check(check); break;
                case Opcode.RNN: RecurrentRule.CheckRNN(check); break;
                case Opcode.GRU: RecurrentRule.CheckGRU(check); break;
                case Opcode.LSTM: RecurrentRule.CheckLSTM(check); break;
                case Opcode.TreeEnsemble: TreeEnsembleRule.Check(check); break;
                case Opcode.PairwiseCoupling: PairwiseCouplingRule.Check(check); break;
                case Opcode.LogSoftmax: LogSoftmaxRule.Check(check); break;
                case Opcode.CumSum: CumSumRule.Check(check); break;
                case Opcode.QuantizedLSTM: QuantizedLSTMRule.Check(check); break;
                case Opcode.QuantizedRecurrent: QuantizedRecurrentRule.Check(check); break;
                case Opcode.FeatureTransform: FeatureTransformRule.Check(check); break;
                default: check.Fail("has no rule"); break;
            }
        }

        /// <summary>Fewest inputs.</summary>
        public static int MinInputs(int form)
        {
            return form & 15;
        }

        /// <summary>Most inputs.</summary>
        public static int MaxInputs(int form)
        {
            return (form >> 4) & 255;
        }

        /// <summary>Number of outputs.</summary>
        public static int Outputs(int form)
        {
            return (form >> 12) & 15;
        }

        /// <summary>Number of parameters.</summary>
        public static int Parameters(int form)
        {
            return (form >> 16) & 31;
        }

        /// <summary>Whether a parameter is a float32; the others are int32.</summary>
        public static bool IsFloat(int form, int parameter)
        {
            return ((form >> 21 >> parameter) & 1) != 0;
        }
    }
}
