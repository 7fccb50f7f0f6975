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
            switch ((Opcode)opcode)
            {
                case Opcode.Dense: return Form(2, 6, 1, 6, 0x6);
                case Opcode.Activation: return Form(1, 2, 1, 3, 0x6);
                case Opcode.Table: return Form(2, 2, 1, 0);
                case Opcode.Softmax: return Form(1, 3, 1, 4, 0x1);
                case Opcode.Quantize: return Form(1, 3, 1, 0);
                case Opcode.Dequantize: return Form(1, 1, 1, 0);
                case Opcode.Add: return Form(2, 2, 1, 8);
                case Opcode.Sub: return Form(2, 2, 1, 8);
                case Opcode.Mul: return Form(2, 2, 1, 8);
                case Opcode.Div: return Form(2, 2, 1, 8);
                case Opcode.Reshape: return Form(1, 1, 1, 0);
                case Opcode.Unary: return Form(1, 1, 1, 3, 0x6);
                case Opcode.Binary: return Form(2, 2, 1, 1);
                case Opcode.Transpose: return Form(1, 1, 1, 6);
                case Opcode.Slice: return Form(1, 1, 1, 12);
                case Opcode.Expand: return Form(1, 1, 1, 0);
                case Opcode.Concat: return Form(1, 255, 1, 1);
                case Opcode.Pad: return Form(1, 1, 1, 8);
                case Opcode.Gather: return Form(2, 2, 1, 1);
                case Opcode.Reduce: return Form(1, 1, 1, 4);
                case Opcode.ArgReduce: return Form(1, 1, 1, 3);
                case Opcode.Where: return Form(3, 3, 1, 0);
                case Opcode.MatMul: return Form(2, 2, 1, 0);
                case Opcode.Conv: return Form(2, 6, 1, 13, 0x6);
                case Opcode.ConvTranspose: return Form(2, 6, 1, 13, 0x6);
                case Opcode.MaxPool: return Form(1, 1, 1, 13);
                case Opcode.AveragePool: return Form(1, 1, 1, 13);
                case Opcode.LayerNormalization: return Form(1, 3, 1, 3, 0x4);
                case Opcode.LRN: return Form(1, 1, 1, 4, 0xE);
                case Opcode.RNN: return Form(3, 5, 2, 12, 0x3B6);
                case Opcode.GRU: return Form(3, 5, 2, 12, 0x3B6);
                case Opcode.LSTM: return Form(3, 7, 3, 12, 0x3B6);
                case Opcode.TreeEnsemble: return Form(6, 9, 1, 3);
                case Opcode.PairwiseCoupling: return Form(1, 1, 1, 0);
                case Opcode.LogSoftmax: return Form(1, 1, 1, 0);
                case Opcode.CumSum: return Form(1, 1, 1, 3);
                case Opcode.QuantizedLSTM: return Form(11, 11, 3, 10);
                case Opcode.QuantizedRecurrent: return Form(11, 12, 3, 4);
                default: return 0;
            }
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
