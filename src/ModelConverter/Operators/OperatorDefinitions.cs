using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>The one list of definitions. A test says by name which operator lacks one.</summary>
internal static class OperatorDefinitions
{
    private static readonly OperatorDefinition?[] byOpcode = Index(
        new Dense(), new Activation(), new Table(), new Softmax(), new Quantize(), new Dequantize(),
        new Add(), new Sub(), new Mul(), new Div(), new Reshape(), new Unary(), new Binary(), new Transpose(), new Slice(),
        new Expand(), new Concat(), new Pad(), new Gather(), new Reduce(), new ArgReduce(), new Where(), new MatMul(),
        new Conv(), new ConvTranspose(), new MaxPool(), new AveragePool(), new LayerNormalization(), new LRN(),
        new RNN(), new GRU(), new LSTM(), new TreeEnsemble(), new PairwiseCoupling(), new LogSoftmax(), new CumSum(),
        new QuantizedLSTM(), new QuantizedRecurrent(), new FeatureTransform());

    /// <summary>The definition of an operator.</summary>
    /// <exception cref="InvalidOperationException">The operator has none.</exception>
    internal static OperatorDefinition Of(Opcode opcode) => Find(opcode) ?? throw new InvalidOperationException($"{opcode} has no definition in Operators.");

    /// <summary>The definition of an operator, or null.</summary>
    internal static OperatorDefinition? Find(Opcode opcode) => (uint)opcode < byOpcode.Length ? byOpcode[(int)opcode] : null;

    /// <summary>Products that one inference of an operator adds up.</summary>
    internal static long MultiplyAccumulates(OperatorRecord record) => Of(record.Info.Opcode).MultiplyAccumulates(OperatorShapes.Of(record));

    private static OperatorDefinition?[] Index(params OperatorDefinition[] definitions)
    {
        var index = new OperatorDefinition?[definitions.Max(definition => (int)definition.Opcode) + 1];
        foreach (OperatorDefinition definition in definitions)
        {
            index[(int)definition.Opcode] = definition;
        }

        return index;
    }
}
