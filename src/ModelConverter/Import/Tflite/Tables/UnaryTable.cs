using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import.Tflite.Tables;

/// <summary>
/// A function of a quantized tensor as the runtime looks it up: 256 entries for int8, entry 0 for −128; segments for int16,
/// which give every one of the 65,536 outputs.
/// </summary>
internal static class UnaryTable
{
    /// <summary>Adds the Table that makes the output of the input by a function of integers; results outside the output's range saturate.</summary>
    internal static void Add(TfliteNodeContext source, Value input, Value output, Func<int, int> function) =>
        source.Add(Opcode.Table, [input, Constant(output.Name, input, output, function)], output);

    private static Value Constant(string name, Value input, Value output, Func<int, int> function)
    {
        if (input.Type == TensorType.Int8)
        {
            return output.Type == TensorType.Int8
                ? Value.Constant(name + ".table", IntegerTable.ToInt8(function), 256)
                : Value.Constant(name + ".table", IntegerTable.ToInt16(function), 256);
        }

        Int16Table table = output.Type == TensorType.Int8
            ? Int16TableBuilder.Exactly(function, sbyte.MinValue, sbyte.MaxValue)
            : Int16TableBuilder.Exactly(function);
        return Value.Constant(name + ".table", table.Segments, table.Segments.Length);
    }
}
