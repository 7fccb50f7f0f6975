using ModelFormat.Rules;

namespace ModelFormat
{
    /// <summary>
    /// The one list of operators. A row says how an operator looks in a file and which rule a validated instance
    /// satisfies; each engine adds a kernel. Tests fail where a row lacks a kernel or a line in docs/operators.md.
    /// </summary>
    internal static class OperatorTable
    {
        private static OperatorInfo[] rows;

        // Made at first use: nanoFramework runs static initialisers of an assembly one after the other when it starts, so that
        // one that reads another class's fields may find null there.
        private static OperatorInfo[] Rows
        {
            get
            {
                if (rows == null)
                {
                    rows = Make();
                }

                return rows;
            }
        }

        /// <summary>Number of operators.</summary>
        public static int Count
        {
            get { return Rows.Length; }
        }

        /// <summary>The row at <paramref name="index"/>, 0 to <see cref="Count"/> − 1, in the order of the table.</summary>
        public static OperatorInfo Row(int index)
        {
            return Rows[index];
        }

        /// <summary>The row of an opcode, or null if this version has none.</summary>
        public static OperatorInfo Find(int opcode)
        {
            OperatorInfo[] all = Rows;
            for (int i = 0; i < all.Length; i++)
            {
                if ((int)all[i].Opcode == opcode)
                {
                    return all[i];
                }
            }

            return null;
        }

        private static OperatorInfo[] Make()
        {
            return new OperatorInfo[]
            {
                new OperatorInfo(Opcode.Dense, "Dense", 2, 6, 1, DenseRule.Parameters, DenseRule.Check),
                new OperatorInfo(Opcode.Activation, "Activation", 1, 2, 1, ActivationRule.Parameters, ActivationRule.Check),
                new OperatorInfo(Opcode.Table, "Table", 2, 2, 1, TableRule.Parameters, TableRule.Check),
                new OperatorInfo(Opcode.Softmax, "Softmax", 1, 3, 1, SoftmaxRule.Parameters, SoftmaxRule.Check),
                new OperatorInfo(Opcode.Quantize, "Quantize", 1, 3, 1, QuantizeRule.Parameters, QuantizeRule.Check),
                new OperatorInfo(Opcode.Dequantize, "Dequantize", 1, 1, 1, DequantizeRule.Parameters, DequantizeRule.Check),
                new OperatorInfo(Opcode.Add, "Add", 2, 2, 1, BinaryRule.Parameters, BinaryRule.Check),
                new OperatorInfo(Opcode.Sub, "Sub", 2, 2, 1, BinaryRule.Parameters, BinaryRule.Check),
                new OperatorInfo(Opcode.Mul, "Mul", 2, 2, 1, BinaryRule.Parameters, BinaryRule.Check),
                new OperatorInfo(Opcode.Div, "Div", 2, 2, 1, BinaryRule.Parameters, BinaryRule.Check),
                new OperatorInfo(Opcode.Reshape, "Reshape", 1, 1, 1, ReshapeRule.Parameters, ReshapeRule.Check),
                new OperatorInfo(Opcode.Unary, "Unary", 1, 1, 1, UnaryRule.Parameters, UnaryRule.Check),
                new OperatorInfo(Opcode.Binary, "Binary", 2, 2, 1, BinaryRule.KindParameters, BinaryRule.CheckKind),
                new OperatorInfo(Opcode.Transpose, "Transpose", 1, 1, 1, TransposeRule.Parameters, TransposeRule.Check),
                new OperatorInfo(Opcode.Slice, "Slice", 1, 1, 1, SliceRule.Parameters, SliceRule.Check),
                new OperatorInfo(Opcode.Expand, "Expand", 1, 1, 1, ExpandRule.Parameters, ExpandRule.Check),
                new OperatorInfo(Opcode.Concat, "Concat", 1, 255, 1, ConcatRule.Parameters, ConcatRule.Check),
                new OperatorInfo(Opcode.Pad, "Pad", 1, 1, 1, PadRule.Parameters, PadRule.Check),
                new OperatorInfo(Opcode.Gather, "Gather", 2, 2, 1, GatherRule.Parameters, GatherRule.Check),
                new OperatorInfo(Opcode.Reduce, "Reduce", 1, 1, 1, ReduceRule.Parameters, ReduceRule.Check),
                new OperatorInfo(Opcode.ArgReduce, "ArgReduce", 1, 1, 1, ArgReduceRule.Parameters, ArgReduceRule.Check),
                new OperatorInfo(Opcode.Where, "Where", 3, 3, 1, WhereRule.Parameters, WhereRule.Check),
                new OperatorInfo(Opcode.MatMul, "MatMul", 2, 2, 1, MatMulRule.Parameters, MatMulRule.Check),
                new OperatorInfo(Opcode.Conv, "Conv", 2, 6, 1, ConvRule.Parameters, ConvRule.Check),
                new OperatorInfo(Opcode.ConvTranspose, "ConvTranspose", 2, 6, 1, ConvRule.Parameters, ConvTransposeRule.Check),
                new OperatorInfo(Opcode.MaxPool, "MaxPool", 1, 1, 1, PoolRule.Parameters, PoolRule.Check),
                new OperatorInfo(Opcode.AveragePool, "AveragePool", 1, 1, 1, PoolRule.Parameters, PoolRule.Check),
                new OperatorInfo(Opcode.LayerNormalization, "LayerNormalization", 1, 3, 1, LayerNormalizationRule.Parameters, LayerNormalizationRule.Check),
                new OperatorInfo(Opcode.LRN, "LRN", 1, 1, 1, LRNRule.Parameters, LRNRule.Check),
                new OperatorInfo(Opcode.RNN, "RNN", 3, 5, 2, RecurrentRule.Parameters, RecurrentRule.CheckRNN),
                new OperatorInfo(Opcode.GRU, "GRU", 3, 5, 2, RecurrentRule.Parameters, RecurrentRule.CheckGRU),
                new OperatorInfo(Opcode.LSTM, "LSTM", 3, 7, 3, RecurrentRule.Parameters, RecurrentRule.CheckLSTM),
                new OperatorInfo(Opcode.TreeEnsemble, "TreeEnsemble", 6, 6, 1, TreeEnsembleRule.Parameters, TreeEnsembleRule.Check),
                new OperatorInfo(Opcode.PairwiseCoupling, "PairwiseCoupling", 1, 1, 1, PairwiseCouplingRule.Parameters, PairwiseCouplingRule.Check),
                new OperatorInfo(Opcode.LogSoftmax, "LogSoftmax", 1, 1, 1, LogSoftmaxRule.Parameters, LogSoftmaxRule.Check),
            };
        }
    }
}
