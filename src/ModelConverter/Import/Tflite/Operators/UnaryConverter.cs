using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Import.Tflite.Operators;

/// <summary>Functions of float32 numbers that are not activations.</summary>
internal static class UnaryConverter
{
    internal static TfliteConverter Of(UnaryKind kind) => source =>
    {
        Value input = source.Input(0);
        Value output = source.Output();
        Require(input, output);
        source.Add(Opcode.Unary, [input], output).With(UnaryRule.Kind, (int)kind);
    };

    internal static TfliteConverter Of(BinaryKind kind) => source =>
    {
        Value a = source.Input(0);
        Value b = source.Input(1);
        Value output = source.Output();
        Require(a, output);
        Require(b, output);
        source.Add(Opcode.Binary, [a, b], output).With(BinaryRule.Kind, (int)kind);
    };

    internal static void ReciprocalSquareRoot(TfliteNodeContext source)
    {
        Value input = source.Input(0);
        Value output = source.Output();
        Require(input, output);
        var root = new Value($"{output.Name}.root", TensorType.Float32, output.Shape);
        source.Add(Opcode.Unary, [input], root).With(UnaryRule.Kind, (int)UnaryKind.Sqrt);
        source.Add(Opcode.Unary, [root], output).With(UnaryRule.Kind, (int)UnaryKind.Reciprocal);
    }

    internal static void SquaredDifference(TfliteNodeContext source)
    {
        Value a = source.Input(0);
        Value b = source.Input(1);
        Value output = source.Output();
        Require(a, output);
        Require(b, output);
        var difference = new Value($"{output.Name}.difference", TensorType.Float32, output.Shape);
        source.Add(Opcode.Sub, [a, b], difference);
        source.Add(Opcode.Unary, [difference], output).With(UnaryRule.Kind, (int)UnaryKind.Square);
    }

    private static void Require(Value input, Value output)
    {
        if (input.Type != TensorType.Float32 || output.Type != TensorType.Float32)
        {
            throw TfliteNodeContext.Unsupported($"works on {input.Type}; float32 is supported");
        }
    }
}
