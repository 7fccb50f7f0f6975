using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Kernels;

/// <summary>Binds a kernel to an operator.</summary>
internal delegate BoundKernel KernelBinder(in BindContext context);

/// <summary>One row: the kernel for an operator whose first input has this type.</summary>
/// <param name="Opcode">The operator.</param>
/// <param name="Type">Type of its first input.</param>
/// <param name="Bind">Binds the kernel.</param>
/// <param name="Batches">Whether it can do several inferences at once: it treats them as more rows or elements of its first input, and its other inputs are constants.</param>
internal readonly record struct KernelRow(Opcode Opcode, TensorType Type, KernelBinder Bind, bool Batches = false);

/// <summary>The kernels of this engine, a row for each operator and input type. A test holds it to <see cref="OperatorTable"/>.</summary>
internal static class KernelTable
{
    internal static readonly KernelRow[] Rows =
    [
        new(Opcode.Dense, TensorType.Float32, Float32.Dense.DenseKernel.Bind, Batches: true),
        new(Opcode.Dense, TensorType.Int8, Int8.Dense.DenseKernel.Bind, Batches: true),
        new(Opcode.Activation, TensorType.Float32, Float32.Elementwise.ActivationKernel.Bind, Batches: true),
        new(Opcode.Table, TensorType.Int8, Int8.Elementwise.TableKernel.Bind, Batches: true),
        new(Opcode.Softmax, TensorType.Float32, Float32.Reduction.SoftmaxKernel.Bind, Batches: true),
        new(Opcode.Softmax, TensorType.Int8, Int8.Reduction.SoftmaxKernel.Bind, Batches: true),
        new(Opcode.Quantize, TensorType.Float32, Float32.Elementwise.QuantizeKernel.Bind, Batches: true),
        new(Opcode.Dequantize, TensorType.Int8, Quantized.Elementwise.DequantizeKernel.Bind<sbyte>, Batches: true),
        new(Opcode.Dequantize, TensorType.Int16, Quantized.Elementwise.DequantizeKernel.Bind<short>, Batches: true),
        new(Opcode.Add, TensorType.Float32, Float32.Elementwise.BinaryKernel.Bind<Float32.Elementwise.Add>),
        new(Opcode.Sub, TensorType.Float32, Float32.Elementwise.BinaryKernel.Bind<Float32.Elementwise.Sub>),
        new(Opcode.Mul, TensorType.Float32, Float32.Elementwise.BinaryKernel.Bind<Float32.Elementwise.Mul>),
        new(Opcode.Div, TensorType.Float32, Float32.Elementwise.BinaryKernel.Bind<Float32.Elementwise.Div>),
        new(Opcode.Reshape, TensorType.Float32, Movement.ReshapeKernel.Bind, Batches: true),
        new(Opcode.Reshape, TensorType.Int8, Movement.ReshapeKernel.Bind, Batches: true),
        new(Opcode.Reshape, TensorType.Int16, Movement.ReshapeKernel.Bind, Batches: true),
        new(Opcode.Reshape, TensorType.Int32, Movement.ReshapeKernel.Bind),
        new(Opcode.Unary, TensorType.Float32, Float32.Elementwise.UnaryKernel.Bind, Batches: true),
        new(Opcode.Binary, TensorType.Float32, Float32.Elementwise.BinaryFunctions.Bind),
        new(Opcode.Add, TensorType.Int8, Quantized.Elementwise.BinaryKernel.Bind<sbyte, Quantized.Elementwise.Add>),
        new(Opcode.Add, TensorType.Int16, Quantized.Elementwise.BinaryKernel.Bind<short, Quantized.Elementwise.Add>),
        new(Opcode.Sub, TensorType.Int8, Quantized.Elementwise.BinaryKernel.Bind<sbyte, Quantized.Elementwise.Sub>),
        new(Opcode.Sub, TensorType.Int16, Quantized.Elementwise.BinaryKernel.Bind<short, Quantized.Elementwise.Sub>),
        new(Opcode.Mul, TensorType.Int8, Quantized.Elementwise.BinaryKernel.Bind<sbyte, Quantized.Elementwise.Mul>),
        new(Opcode.Mul, TensorType.Int16, Quantized.Elementwise.BinaryKernel.Bind<short, Quantized.Elementwise.Mul>),
        new(Opcode.Dense, TensorType.Int16, Int16.Dense.DenseKernel.Bind, Batches: true),
        new(Opcode.Table, TensorType.Int16, Int16.Elementwise.TableKernel.Bind),
        new(Opcode.Softmax, TensorType.Int16, Int16.Reduction.SoftmaxKernel.Bind),
        new(Opcode.Transpose, TensorType.Float32, Movement.StridedCopyKernel.BindTranspose),
        new(Opcode.Transpose, TensorType.Int8, Movement.StridedCopyKernel.BindTranspose),
        new(Opcode.Transpose, TensorType.Int16, Movement.StridedCopyKernel.BindTranspose),
        new(Opcode.Transpose, TensorType.Int32, Movement.StridedCopyKernel.BindTranspose),
        new(Opcode.Slice, TensorType.Float32, Movement.StridedCopyKernel.BindSlice),
        new(Opcode.Slice, TensorType.Int8, Movement.StridedCopyKernel.BindSlice),
        new(Opcode.Slice, TensorType.Int16, Movement.StridedCopyKernel.BindSlice),
        new(Opcode.Slice, TensorType.Int32, Movement.StridedCopyKernel.BindSlice),
        new(Opcode.Expand, TensorType.Float32, Movement.StridedCopyKernel.BindExpand),
        new(Opcode.Expand, TensorType.Int8, Movement.StridedCopyKernel.BindExpand),
        new(Opcode.Expand, TensorType.Int16, Movement.StridedCopyKernel.BindExpand),
        new(Opcode.Expand, TensorType.Int32, Movement.StridedCopyKernel.BindExpand),
        new(Opcode.Concat, TensorType.Float32, Movement.ConcatKernel.Bind),
        new(Opcode.Concat, TensorType.Int8, Movement.ConcatKernel.Bind),
        new(Opcode.Concat, TensorType.Int16, Movement.ConcatKernel.Bind),
        new(Opcode.Concat, TensorType.Int32, Movement.ConcatKernel.Bind),
        new(Opcode.Pad, TensorType.Float32, Movement.PadKernel.Bind),
        new(Opcode.Pad, TensorType.Int8, Movement.PadKernel.Bind),
        new(Opcode.Pad, TensorType.Int16, Movement.PadKernel.Bind),
        new(Opcode.Pad, TensorType.Int32, Movement.PadKernel.Bind),
        new(Opcode.Gather, TensorType.Float32, Movement.GatherKernel.Bind),
        new(Opcode.Gather, TensorType.Int8, Movement.GatherKernel.Bind),
        new(Opcode.Gather, TensorType.Int16, Movement.GatherKernel.Bind),
        new(Opcode.Gather, TensorType.Int32, Movement.GatherKernel.Bind),
        new(Opcode.Reduce, TensorType.Float32, Float32.Reduction.ReduceKernel.Bind),
        new(Opcode.ArgReduce, TensorType.Float32, Float32.Reduction.ArgReduceKernel.Bind),
        new(Opcode.Where, TensorType.Float32, Float32.Elementwise.WhereKernel.Bind),
        new(Opcode.MatMul, TensorType.Float32, Float32.Dense.MatMulKernel.Bind),
        new(Opcode.Conv, TensorType.Float32, Float32.Windows.ConvKernel.Bind),
        new(Opcode.ConvTranspose, TensorType.Float32, Float32.Windows.ConvTransposeKernel.Bind),
        new(Opcode.LayerNormalization, TensorType.Float32, Float32.Reduction.LayerNormalizationKernel.Bind),
        new(Opcode.LRN, TensorType.Float32, Float32.Reduction.LRNKernel.Bind),
        new(Opcode.MaxPool, TensorType.Float32, Float32.Windows.PoolKernel.BindMax),
        new(Opcode.AveragePool, TensorType.Float32, Float32.Windows.PoolKernel.BindAverage),
        new(Opcode.Conv, TensorType.Int8, Int8.Windows.ConvKernel.Bind),
        new(Opcode.Conv, TensorType.Int16, Int16.Windows.ConvKernel.Bind),
        new(Opcode.MaxPool, TensorType.Int8, Quantized.Windows.PoolKernel.BindMax<sbyte>),
        new(Opcode.MaxPool, TensorType.Int16, Quantized.Windows.PoolKernel.BindMax<short>),
        new(Opcode.AveragePool, TensorType.Int8, Quantized.Windows.PoolKernel.BindAverage<sbyte>),
        new(Opcode.AveragePool, TensorType.Int16, Quantized.Windows.PoolKernel.BindAverage<short>),
        new(Opcode.ConvTranspose, TensorType.Int8, Int8.Windows.ConvTransposeKernel.Bind),
        new(Opcode.Reduce, TensorType.Int8, Quantized.Reduction.ReduceKernel.Bind<sbyte>),
        new(Opcode.Reduce, TensorType.Int16, Quantized.Reduction.ReduceKernel.Bind<short>),
        new(Opcode.RNN, TensorType.Float32, Float32.Recurrent.RNNKernel.Bind),
        new(Opcode.GRU, TensorType.Float32, Float32.Recurrent.GRUKernel.Bind),
        new(Opcode.LSTM, TensorType.Float32, Float32.Recurrent.LSTMKernel.Bind),
        new(Opcode.QuantizedLSTM, TensorType.Int8, Quantized.Recurrent.QuantizedLSTMKernel.Bind),
        new(Opcode.QuantizedLSTM, TensorType.Int16, Quantized.Recurrent.QuantizedLSTMKernel.Bind),
        new(Opcode.QuantizedRecurrent, TensorType.Int8, Quantized.Recurrent.QuantizedRecurrentKernel.Bind),
        new(Opcode.QuantizedRecurrent, TensorType.Int16, Quantized.Recurrent.QuantizedRecurrentKernel.Bind),
        new(Opcode.TreeEnsemble, TensorType.Float32, Float32.Trees.TreeEnsembleKernel.Bind),
        new(Opcode.PairwiseCoupling, TensorType.Float32, Float32.Reduction.PairwiseCouplingKernel.Bind),
        new(Opcode.LogSoftmax, TensorType.Float32, Float32.Reduction.LogSoftmaxKernel.Bind, Batches: true),
        new(Opcode.FeatureTransform, TensorType.Float32, Float32.Elementwise.FeatureTransformKernel.Bind, Batches: true),
        new(Opcode.CumSum, TensorType.Float32, Float32.Reduction.CumSumKernel.Bind),
    ];

    internal static KernelBinder? Find(Opcode opcode, TensorType type) => Row(opcode, type).Bind;

    /// <summary>Whether the operator of a model can be done for several inferences at once.</summary>
    internal static bool Batches(OperatorRecord record)
    {
        bool constants = record.Inputs[0].Storage == TensorStorage.Arena;
        for (int i = 1; i < record.Inputs.Length; i++)
        {
            constants &= !record.HasInput(i) || record.Inputs[i].Storage == TensorStorage.Constant;
        }

        return constants && Row(record.Opcode, record.Inputs[0].Type).Batches;
    }

    private static KernelRow Row(Opcode opcode, TensorType type)
    {
        foreach (ref readonly KernelRow row in Rows.AsSpan())
        {
            if (row.Opcode == opcode && row.Type == type)
            {
                return row;
            }
        }

        return default;
    }
}
