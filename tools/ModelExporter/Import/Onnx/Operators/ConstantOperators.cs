using ModelExporter.Graphs;

namespace ModelExporter.Import.Onnx.Operators;

/// <summary>Operators whose result is a constant, once shapes are known.</summary>
internal static class ConstantOperators
{
    internal static readonly OnnxOperatorRow[] Rows =
    [
        new("Constant", Constant),
    ];

    private static void Constant(OnnxCall call)
    {
        string name = call.Builder.Name;
        if (call.Tensor("value") is { } tensor)
        {
            call.Output(0, call.Scope.Constant(tensor, name));
        }
        else if (call.HasAttribute("value_float"))
        {
            call.Output(Value.Constant(name, [call.Float("value_float", 0f)]), OnnxElementType.Float32);
        }
        else if (call.HasAttribute("value_int"))
        {
            call.Output(Value.Constant(name, [(float)call.Int("value_int")]), OnnxElementType.Int64);
        }
        else if (call.Floats("value_floats") is { } floats)
        {
            call.Output(Value.Constant(name, floats, floats.Length), OnnxElementType.Float32);
        }
        else if (call.Ints("value_ints") is { } ints)
        {
            call.Output(Value.Constant(name, Array.ConvertAll(ints, value => (float)value), ints.Length), OnnxElementType.Int64);
        }
        else
        {
            throw call.Fault("holds a constant of a kind that this tool does not read");
        }
    }
}
