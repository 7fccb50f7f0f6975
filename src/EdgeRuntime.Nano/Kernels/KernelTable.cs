using EdgeInference.ModelFormat;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>
    /// The kernels of this engine, by operator and type of the first input. A new one is a file in this folder and a line in
    /// <see cref="Has"/> and <see cref="Bind"/>; a test holds the list to OperatorTable.
    /// </summary>
    internal static class KernelTable
    {
        /// <summary>Whether there is a kernel.</summary>
        internal static bool Has(Opcode opcode, TensorType type)
        {
            switch (opcode)
            {
                case Opcode.Dense: return type == TensorType.Float32 || type == TensorType.Int8 || type == TensorType.Int16;
                case Opcode.Activation: return type == TensorType.Float32;
                case Opcode.Table: return type == TensorType.Int8 || type == TensorType.Int16;
                case Opcode.Softmax: return type == TensorType.Float32 || type == TensorType.Int8 || type == TensorType.Int16;
                case Opcode.Quantize: return type == TensorType.Float32;
                case Opcode.Dequantize: return type == TensorType.Int8 || type == TensorType.Int16;
                case Opcode.Add:
                case Opcode.Sub:
                case Opcode.Mul:
                case Opcode.MaxPool:
                case Opcode.AveragePool: return type == TensorType.Float32 || type == TensorType.Int8 || type == TensorType.Int16;
                case Opcode.Div: return type == TensorType.Float32;
                case Opcode.Conv:
                case Opcode.ConvTranspose: return type == TensorType.Float32 || type == TensorType.Int8;
                case Opcode.Transpose:
                case Opcode.Slice:
                case Opcode.Expand:
                case Opcode.Concat:
                case Opcode.Pad:
                case Opcode.Gather: return type == TensorType.Float32 || type == TensorType.Int8 || type == TensorType.Int16 || type == TensorType.Int32;
                case Opcode.Reshape: return true;
                case Opcode.Reduce: return type == TensorType.Float32 || type == TensorType.Int8 || type == TensorType.Int16;
                case Opcode.CumSum:
                case Opcode.LogSoftmax:
                case Opcode.Unary:
                case Opcode.Binary:
                case Opcode.ArgReduce:
                case Opcode.Where:
                case Opcode.MatMul:
                case Opcode.LayerNormalization:
                case Opcode.LRN:
                case Opcode.RNN:
                case Opcode.GRU:
                case Opcode.LSTM:
                case Opcode.TreeEnsemble:
                case Opcode.PairwiseCoupling: return type == TensorType.Float32;
                default: return false;
            }
        }

        /// <summary>Whether the kernel that <see cref="Has"/> tells of can do without the whole file in RAM.</summary>
        internal static bool HasChunked(Opcode opcode, TensorType type)
        {
            switch (opcode)
            {
                case Opcode.Dense: return type == TensorType.Int8 || type == TensorType.Int16;
                case Opcode.Conv: return type == TensorType.Int8;
                case Opcode.ConvTranspose:
                case Opcode.RNN:
                case Opcode.GRU:
                case Opcode.LSTM: return false;
                default: return true;
            }
        }

        /// <summary>Binds the kernel of an operator that <see cref="Has"/> is true for, or gives null if there is nothing to do.</summary>
        internal static NanoKernel Bind(BindContext context)
        {
            TensorType type = context.Input(0).Type;
            switch (context.Operator.Opcode)
            {
                case Opcode.Dense: return DenseKernels.Dense(context);
                case Opcode.Activation: return new ActivationFloat32(context);
                case Opcode.Table: return type == TensorType.Int8 ? (NanoKernel)new TableInt8(context) : new TableInt16(context);
                case Opcode.Softmax: return BindSoftmax(context, type);
                case Opcode.Quantize: return new QuantizeFloat32(context);
                case Opcode.Dequantize: return new Dequantize(context);
                case Opcode.Reshape: return Reshape.IsNoOp(context) ? null : new Reshape(context);
                case Opcode.CumSum: return new CumSumFloat32(context);
                case Opcode.LogSoftmax: return new LogSoftmaxFloat32(context);
                case Opcode.Conv: return DenseKernels.Conv(context);
                case Opcode.ConvTranspose: return DenseKernels.ConvTranspose(context);
                case Opcode.MaxPool:
                case Opcode.AveragePool: return type == TensorType.Float32 ? (NanoKernel)new PoolFloat32(context) : new PoolQuantized(context);
                case Opcode.Transpose:
                case Opcode.Slice:
                case Opcode.Expand: return new StridedCopy(context);
                case Opcode.Concat: return new Concat(context);
                case Opcode.Pad: return new Pad(context);
                case Opcode.Unary: return new UnaryFloat32(context);
                case Opcode.Binary: return new FunctionFloat32(context);
                case Opcode.Reduce: return type == TensorType.Float32 ? (NanoKernel)new ReduceFloat32(context) : new ReduceQuantized(context);
                case Opcode.ArgReduce: return new ArgReduceFloat32(context);
                case Opcode.Where: return new WhereFloat32(context);
                case Opcode.MatMul: return new MatMulFloat32(context);
                case Opcode.LayerNormalization: return new LayerNormalizationFloat32(context);
                case Opcode.LRN: return new LRNFloat32(context);
                case Opcode.RNN: return new RNNFloat32(context);
                case Opcode.GRU: return new GRUFloat32(context);
                case Opcode.LSTM: return new LSTMFloat32(context);
                case Opcode.TreeEnsemble: return new TreeEnsembleFloat32(context);
                case Opcode.PairwiseCoupling: return new PairwiseCouplingFloat32(context);
                case Opcode.Gather: return new Gather(context);
                default: return type == TensorType.Float32 ? (NanoKernel)new BinaryFloat32(context) : new BinaryQuantized(context);
            }
        }

        private static NanoKernel BindSoftmax(BindContext context, TensorType type)
        {
            switch (type)
            {
                case TensorType.Float32: return new SoftmaxFloat32(context);
                case TensorType.Int8: return new SoftmaxInt8(context);
                default: return new SoftmaxInt16(context);
            }
        }
    }
}
