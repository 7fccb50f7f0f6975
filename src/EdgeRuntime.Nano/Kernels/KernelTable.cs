using EdgeInference.ModelFormat;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>
    /// The kernels of this engine, by operator and type of the first input. A new one is a file in this folder and a line in
    /// <see cref="Has"/> and <see cref="Bind"/>; a test holds the list to OperatorTable. One operator and one type a line, so that
    /// 'edge emit --engine' can leave lines out.
    /// </summary>
    internal static partial class KernelTable
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
                case Opcode.Add: return type == TensorType.Float32 || type == TensorType.Int8 || type == TensorType.Int16;
                case Opcode.Sub: return type == TensorType.Float32 || type == TensorType.Int8 || type == TensorType.Int16;
                case Opcode.Mul: return type == TensorType.Float32 || type == TensorType.Int8 || type == TensorType.Int16;
                case Opcode.Div: return type == TensorType.Float32;
                case Opcode.Reshape: return type == TensorType.Float32 || type == TensorType.Int8 || type == TensorType.Int16 || type == TensorType.Int32 || type == TensorType.Int64;
                case Opcode.Unary: return type == TensorType.Float32;
                case Opcode.Binary: return type == TensorType.Float32;
                case Opcode.Transpose: return type == TensorType.Float32 || type == TensorType.Int8 || type == TensorType.Int16 || type == TensorType.Int32;
                case Opcode.Slice: return type == TensorType.Float32 || type == TensorType.Int8 || type == TensorType.Int16 || type == TensorType.Int32;
                case Opcode.Expand: return type == TensorType.Float32 || type == TensorType.Int8 || type == TensorType.Int16 || type == TensorType.Int32;
                case Opcode.Concat: return type == TensorType.Float32 || type == TensorType.Int8 || type == TensorType.Int16 || type == TensorType.Int32;
                case Opcode.Pad: return type == TensorType.Float32 || type == TensorType.Int8 || type == TensorType.Int16 || type == TensorType.Int32;
                case Opcode.Gather: return type == TensorType.Float32 || type == TensorType.Int8 || type == TensorType.Int16 || type == TensorType.Int32;
                case Opcode.Reduce: return type == TensorType.Float32 || type == TensorType.Int8 || type == TensorType.Int16;
                case Opcode.ArgReduce: return type == TensorType.Float32;
                case Opcode.Where: return type == TensorType.Float32;
                case Opcode.MatMul: return type == TensorType.Float32;
                case Opcode.Conv: return type == TensorType.Float32 || type == TensorType.Int8 || type == TensorType.Int16;
                case Opcode.ConvTranspose: return type == TensorType.Float32 || type == TensorType.Int8;
                case Opcode.MaxPool: return type == TensorType.Float32 || type == TensorType.Int8 || type == TensorType.Int16;
                case Opcode.AveragePool: return type == TensorType.Float32 || type == TensorType.Int8 || type == TensorType.Int16;
                case Opcode.LayerNormalization: return type == TensorType.Float32;
                case Opcode.LRN: return type == TensorType.Float32;
                case Opcode.RNN: return type == TensorType.Float32;
                case Opcode.GRU: return type == TensorType.Float32;
                case Opcode.LSTM: return type == TensorType.Float32;
                case Opcode.QuantizedLSTM: return type == TensorType.Int8 || type == TensorType.Int16;
                case Opcode.QuantizedRecurrent: return type == TensorType.Int8 || type == TensorType.Int16;
                case Opcode.TreeEnsemble: return type == TensorType.Float32;
                case Opcode.PairwiseCoupling: return type == TensorType.Float32;
                case Opcode.LogSoftmax: return type == TensorType.Float32;
                case Opcode.CumSum: return type == TensorType.Float32;
                default: return false;
            }
        }

        /// <summary>Binds the kernel of an operator that <see cref="Has"/> is true for, or gives null if there is nothing to do.</summary>
        internal static NanoKernel Bind(BindContext context)
        {
            TensorType type = context.Input(0).Type;
            switch (context.Operator.Opcode)
            {
                case Opcode.Dense:
                    switch (type)
                    {
                        case TensorType.Float32: return new DenseFloat32(context, DenseShape.Of(context), context.InputFloats(0));
                        case TensorType.Int8: return DenseKernels.Int8(context, DenseShape.Of(context), context.InputInt8s(0));
                        case TensorType.Int16: return DenseKernels.Int16(context, DenseShape.Of(context), context.InputInt16s(0));
                    }

                    break;
                case Opcode.Activation: return new ActivationFloat32(context);
                case Opcode.Table:
                    switch (type)
                    {
                        case TensorType.Int8: return new TableInt8(context);
                        case TensorType.Int16: return new TableInt16(context);
                    }

                    break;
                case Opcode.Softmax:
                    switch (type)
                    {
                        case TensorType.Float32: return new SoftmaxFloat32(context);
                        case TensorType.Int8: return new SoftmaxInt8(context);
                        case TensorType.Int16: return new SoftmaxInt16(context);
                    }

                    break;
                case Opcode.Quantize: return new QuantizeFloat32(context);
                case Opcode.Dequantize: return new Dequantize(context);
                case Opcode.Add:
                case Opcode.Sub:
                case Opcode.Mul:
                case Opcode.Div:
                    switch (type)
                    {
                        case TensorType.Float32: return new BinaryFloat32(context);
                        case TensorType.Int8: return new BinaryQuantized(context);
                        case TensorType.Int16: return new BinaryQuantized(context);
                    }

                    break;
                case Opcode.Reshape: return Reshape.IsNoOp(context) ? null : new Reshape(context);
                case Opcode.Unary: return new UnaryFloat32(context);
                case Opcode.Binary: return new FunctionFloat32(context);
                case Opcode.Transpose:
                case Opcode.Slice:
                case Opcode.Expand: return new StridedCopy(context);
                case Opcode.Concat: return new Concat(context);
                case Opcode.Pad: return new Pad(context);
                case Opcode.Gather: return new Gather(context);
                case Opcode.Reduce:
                    switch (type)
                    {
                        case TensorType.Float32: return new ReduceFloat32(context);
                        case TensorType.Int8: return new ReduceQuantized(context);
                        case TensorType.Int16: return new ReduceQuantized(context);
                    }

                    break;
                case Opcode.ArgReduce: return new ArgReduceFloat32(context);
                case Opcode.Where: return new WhereFloat32(context);
                case Opcode.MatMul: return new MatMulFloat32(context);
                case Opcode.Conv:
                    switch (type)
                    {
                        case TensorType.Float32: return ConvKernels.Float32(context);
                        case TensorType.Int8: return ConvKernels.Int8(context);
                        case TensorType.Int16: return ConvKernels.Int16(context);
                    }

                    break;
                case Opcode.ConvTranspose:
                    switch (type)
                    {
                        case TensorType.Float32: return new ConvTransposeFloat32(context, new WindowGeometry(context.Operator));
                        case TensorType.Int8: return new ConvTransposeInt8(context, new WindowGeometry(context.Operator));
                    }

                    break;
                case Opcode.MaxPool:
                case Opcode.AveragePool:
                    switch (type)
                    {
                        case TensorType.Float32: return new PoolFloat32(context);
                        case TensorType.Int8: return new PoolQuantized(context);
                        case TensorType.Int16: return new PoolQuantized(context);
                    }

                    break;
                case Opcode.LayerNormalization: return new LayerNormalizationFloat32(context);
                case Opcode.LRN: return new LRNFloat32(context);
                case Opcode.RNN: return new RNNFloat32(context);
                case Opcode.GRU: return new GRUFloat32(context);
                case Opcode.LSTM: return new LSTMFloat32(context);
                case Opcode.QuantizedLSTM: return new QuantizedLSTM(context);
                case Opcode.QuantizedRecurrent: return new QuantizedRecurrent(context);
                case Opcode.TreeEnsemble: return new TreeEnsembleFloat32(context);
                case Opcode.PairwiseCoupling: return new PairwiseCouplingFloat32(context);
                case Opcode.LogSoftmax: return new LogSoftmaxFloat32(context);
                case Opcode.CumSum: return new CumSumFloat32(context);
            }

            return null;
        }
    }
}
