using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelFormat
{
    /// <summary>The operators, by the number they have in a file. A number is never used again for something else.</summary>
    internal enum Opcode
    {
        /// <summary>y = activation(x·Wᵀ + b).</summary>
        Dense = 1,

        /// <summary>y = activation(x), element by element, float32.</summary>
        Activation = 2,

        /// <summary>y = table[x], any unary function of a quantized tensor.</summary>
        Table = 3,

        /// <summary>y = e^(βx) / Σ e^(βx) over the last axis.</summary>
        Softmax = 4,

        /// <summary>float32 to int8 or int16, with an offset and a scale for each feature where given.</summary>
        Quantize = 5,

        /// <summary>int8 or int16 to float32.</summary>
        Dequantize = 6,

        /// <summary>y = a + b, element by element, broadcast.</summary>
        Add = 7,

        /// <summary>y = a − b, element by element, broadcast.</summary>
        Sub = 8,

        /// <summary>y = a · b, element by element, broadcast.</summary>
        Mul = 9,

        /// <summary>y = a / b, element by element, broadcast.</summary>
        Div = 10,

        /// <summary>The same elements in another shape; free where the planner gives both tensors one place.</summary>
        Reshape = 11,

        /// <summary>y = f(x), element by element, f a <see cref="UnaryKind"/>, float32.</summary>
        Unary = 12,

        /// <summary>y = f(a, b), element by element, broadcast, f a <see cref="BinaryKind"/>, float32.</summary>
        Binary = 13,

        /// <summary>The same elements with the axes in another order.</summary>
        Transpose = 14,

        /// <summary>Elements of each axis from a start on, by a step.</summary>
        Slice = 15,

        /// <summary>Elements repeated along axes of size 1.</summary>
        Expand = 16,

        /// <summary>Tensors one after the other along an axis.</summary>
        Concat = 17,

        /// <summary>A tensor with more elements around it.</summary>
        Pad = 18,

        /// <summary>Elements of an axis by their indices.</summary>
        Gather = 19,

        /// <summary>A <see cref="ReduceKind"/> over some axes.</summary>
        Reduce = 20,

        /// <summary>Where along an axis the largest or smallest element is.</summary>
        ArgReduce = 21,

        /// <summary>y = condition ? a : b, element by element, broadcast.</summary>
        Where = 22,

        /// <summary>y = a·b, matrices of which neither need be constant, broadcast over the axes before.</summary>
        MatMul = 23,

        /// <summary>Convolution over two axes, channels last, in groups.</summary>
        Conv = 24,

        /// <summary>Transposed convolution over two axes, channels last, in groups.</summary>
        ConvTranspose = 25,

        /// <summary>The largest element of each window, channels last.</summary>
        MaxPool = 26,

        /// <summary>The mean of each window, channels last.</summary>
        AveragePool = 27,

        /// <summary>Mean 0 and variance 1 over the last axes, with a scale and a bias.</summary>
        LayerNormalization = 28,

        /// <summary>Local response normalisation over the last axis.</summary>
        LRN = 29,

        /// <summary>Recurrent layer, one direction.</summary>
        RNN = 30,

        /// <summary>Gated recurrent unit, one direction.</summary>
        GRU = 31,

        /// <summary>Long short-term memory, one direction.</summary>
        LSTM = 32,

        /// <summary>Decision trees, added up.</summary>
        TreeEnsemble = 33,

        /// <summary>Class probabilities from those of pairs of classes.</summary>
        PairwiseCoupling = 34,

        /// <summary>y = x − ln Σ e^x over the last axis.</summary>
        LogSoftmax = 35,

        /// <summary>Running sums along an axis.</summary>
        CumSum = 36,

        /// <summary>Long short-term memory in integers, one direction.</summary>
        QuantizedLSTM = 37,
    }

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
                new OperatorInfo(Opcode.CumSum, "CumSum", 1, 1, 1, CumSumRule.Parameters, CumSumRule.Check),
                new OperatorInfo(Opcode.QuantizedLSTM, "QuantizedLSTM", 11, 11, 3, QuantizedLSTMRule.Parameters, QuantizedLSTMRule.Check),
            };
        }
    }
}
