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
        /// <summary>Inputs, outputs and parameters of an operator, for <see cref="MinInputs"/> and what follows it; 0 if this version has none of that number.</summary>
        public static int FormOf(int opcode)
        {
            // One return: each takes a device twelve bytes of every call.
            int form = 0;
            switch ((Opcode)opcode)
            {
                case Opcode.Dense: form = Form(2, 6, 1, 6, 0x6); break;
                case Opcode.Activation: form = Form(1, 2, 1, 3, 0x6); break;
                case Opcode.Table: form = Form(2, 2, 1, 0); break;
                case Opcode.Softmax: form = Form(1, 3, 1, 4, 0x1); break;
                case Opcode.Quantize: form = Form(1, 3, 1, 0); break;
                case Opcode.Dequantize: form = Form(1, 1, 1, 0); break;
                case Opcode.Add: form = Form(2, 2, 1, 8); break;
                case Opcode.Sub: form = Form(2, 2, 1, 8); break;
                case Opcode.Mul: form = Form(2, 2, 1, 8); break;
                case Opcode.Div: form = Form(2, 2, 1, 8); break;
                case Opcode.Reshape: form = Form(1, 1, 1, 0); break;
                case Opcode.Unary: form = Form(1, 1, 1, 3, 0x6); break;
                case Opcode.Binary: form = Form(2, 2, 1, 1); break;
                case Opcode.Transpose: form = Form(1, 1, 1, 6); break;
                case Opcode.Slice: form = Form(1, 1, 1, 12); break;
                case Opcode.Expand: form = Form(1, 1, 1, 0); break;
                case Opcode.Concat: form = Form(1, 255, 1, 1); break;
                case Opcode.Pad: form = Form(1, 1, 1, 8); break;
                case Opcode.Gather: form = Form(2, 2, 1, 1); break;
                case Opcode.Reduce: form = Form(1, 1, 1, 4); break;
                case Opcode.ArgReduce: form = Form(1, 1, 1, 3); break;
                case Opcode.Where: form = Form(3, 3, 1, 0); break;
                case Opcode.MatMul: form = Form(2, 2, 1, 0); break;
                case Opcode.Conv: form = Form(2, 6, 1, 13, 0x6); break;
                case Opcode.ConvTranspose: form = Form(2, 6, 1, 13, 0x6); break;
                case Opcode.MaxPool: form = Form(1, 1, 1, 13); break;
                case Opcode.AveragePool: form = Form(1, 1, 1, 13); break;
                case Opcode.LayerNormalization: form = Form(1, 3, 1, 3, 0x4); break;
                case Opcode.LRN: form = Form(1, 1, 1, 4, 0xE); break;
                case Opcode.RNN: form = Form(3, 5, 2, 12, 0x3B6); break;
                case Opcode.GRU: form = Form(3, 5, 2, 12, 0x3B6); break;
                case Opcode.LSTM: form = Form(3, 7, 3, 12, 0x3B6); break;
                case Opcode.TreeEnsemble: form = Form(6, 8, 1, 3); break;
                case Opcode.PairwiseCoupling: form = Form(1, 1, 1, 0); break;
                case Opcode.LogSoftmax: form = Form(1, 1, 1, 0); break;
                case Opcode.CumSum: form = Form(1, 1, 1, 3); break;
                case Opcode.QuantizedLSTM: form = Form(11, 11, 3, 10); break;
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

        // A float32 parameter, one of the first ten, is a bit, that of the first being 1.
        private static int Form(int minInputs, int maxInputs, int outputs, int parameters, int floats = 0)
        {
            return minInputs | (maxInputs << 4) | (outputs << 12) | (parameters << 16) | (floats << 21);
        }
    }
}
