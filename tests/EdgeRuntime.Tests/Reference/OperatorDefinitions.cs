using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Tests.Reference.Definitions;

namespace EdgeInference.Runtime.Tests.Reference;

/// <summary>
/// What each operator computes, in plain loops, in double precision for float32 and in wide integers for the others. Written from
/// docs/operators.md, docs/numerics.md and the rules, without the kernels and without what they share: a fault that a kernel
/// and its scalar twin have together shows here.
/// </summary>
internal static class OperatorDefinitions
{
    private static readonly Dictionary<Opcode, Func<OperatorRow, double[][]>> definitions = new()
    {
        [Opcode.Dense] = Layers.Dense,
        [Opcode.Activation] = Elements.Activation,
        [Opcode.Table] = Elements.Table,
        [Opcode.Softmax] = Softmaxes.Softmax,
        [Opcode.Quantize] = Elements.Quantize,
        [Opcode.Dequantize] = Elements.Dequantize,
        [Opcode.Add] = Elements.Arithmetic,
        [Opcode.Sub] = Elements.Arithmetic,
        [Opcode.Mul] = Elements.Arithmetic,
        [Opcode.Div] = Elements.Arithmetic,
        [Opcode.Reshape] = Moves.Reshape,
        [Opcode.Unary] = Elements.Unary,
        [Opcode.Binary] = Elements.Binary,
        [Opcode.Transpose] = Moves.Transpose,
        [Opcode.Slice] = Moves.Slice,
        [Opcode.Expand] = Moves.Expand,
        [Opcode.Concat] = Moves.Concat,
        [Opcode.Pad] = Moves.Pad,
        [Opcode.Gather] = Moves.Gather,
        [Opcode.Reduce] = Reductions.Reduce,
        [Opcode.ArgReduce] = Reductions.ArgReduce,
        [Opcode.Where] = Elements.Where,
        [Opcode.MatMul] = Reductions.MatMul,
        [Opcode.Conv] = Layers.Conv,
        [Opcode.ConvTranspose] = Layers.ConvTranspose,
        [Opcode.MaxPool] = Windows.Pool,
        [Opcode.AveragePool] = Windows.Pool,
        [Opcode.LayerNormalization] = Reductions.LayerNormalization,
        [Opcode.LRN] = Reductions.LRN,
        [Opcode.RNN] = Recurrent.Run,
        [Opcode.GRU] = Recurrent.Run,
        [Opcode.LSTM] = Recurrent.Run,
        [Opcode.TreeEnsemble] = Classical.TreeEnsemble,
        [Opcode.PairwiseCoupling] = Classical.PairwiseCoupling,
        [Opcode.LogSoftmax] = Softmaxes.LogSoftmax,
        [Opcode.CumSum] = Reductions.CumSum,
        [Opcode.FeatureTransform] = Features.Transform,
        [Opcode.QuantizedLSTM] = QuantizedRecurrent.Run,
        [Opcode.QuantizedRecurrent] = QuantizedCells.Run,
    };

    internal static bool Has(Opcode opcode) => definitions.ContainsKey(opcode);

    internal static double[][] Evaluate(OperatorRow row) => definitions[row.Opcode](row);
}
