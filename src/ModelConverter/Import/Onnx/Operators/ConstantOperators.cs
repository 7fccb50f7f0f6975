using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.ModelConverter.Import.Onnx.Operators;

/// <summary>Operators whose result is a constant, once shapes are known.</summary>
internal static class ConstantOperators
{
    private const int MaxRange = 1 << 20;

    internal static readonly OnnxOperatorRow[] Rows =
    [
        new("Constant", Constant),
        new("ConstantOfShape", ConstantOfShape),
        new("Shape", Shape),
        new("Size", call => call.Output(call.Builder.Scalar(call.Operand(0).Value.Elements), OnnxElementType.Int64)),
        new("Range", Range),
        new("If", If),
    ];

    private static void Constant(OnnxNodeContext call)
    {
        string name = call.Builder.Name;
        if (call.Tensor("value") is { } tensor)
        {
            call.Output(0, call.Scope.Constant(tensor, name));
        }
        else if (call.SparseTensor("sparse_value") is { } sparse)
        {
            call.Output(0, call.Scope.Constant(sparse, name));
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
            throw call.Fault("holds a constant of an unsupported kind");
        }
    }

    private static void ConstantOfShape(OnnxNodeContext call)
    {
        int[] shape = Array.ConvertAll(call.Integers(0), size => checked((int)size));
        OnnxOperand fill = call.Tensor("value") is { } tensor
            ? call.Scope.Constant(tensor, call.Builder.Name)
            : new OnnxOperand(call.Builder.Scalar(0), OnnxElementType.Float32);
        if (fill.Value.Elements != 1)
        {
            throw call.Fault("repeats a value of more than one number");
        }

        Value y = Array.Exists(shape, size => size == 0)
            ? Value.Constant(call.Builder.Name, Array.Empty<float>(), shape)
            : call.Builder.Expand(call.Builder.Reshape(fill.Value), shape);
        call.Output(0, fill with { Value = y });
    }

    private static void Shape(OnnxNodeContext call)
    {
        int[] shape = call.Operand(0).Shape;
        int start = Bound(call.Int("start", 0));
        int end = Bound(call.Int("end", shape.Length));
        float[] sizes = end > start ? [.. shape[start..end].Select(size => (float)size)] : [];
        call.Output(Value.Constant(call.Builder.Name, sizes, sizes.Length), OnnxElementType.Int64);

        int Bound(long axis) => (int)Math.Clamp(axis < 0 ? axis + shape.Length : axis, 0, shape.Length);
    }

    private static void Range(OnnxNodeContext call)
    {
        double start = call.ScalarConstant(0);
        double delta = call.ScalarConstant(2);
        double count = Math.Max(Math.Ceiling((call.ScalarConstant(1) - start) / delta), 0);
        if (!(count <= MaxRange))
        {
            throw call.Fault($"makes a range of {count} numbers");
        }

        float[] values = [.. Enumerable.Range(0, (int)count).Select(i => (float)(start + (i * delta)))];
        call.Output(Value.Constant(call.Builder.Name, values, values.Length));
    }

    // Exporters leave branches on shapes, which are known here: only the branch that is taken counts.
    private static void If(OnnxNodeContext call)
    {
        OnnxGraph?[] branches = [call.Subgraph("then_branch"), call.Subgraph("else_branch")];
        OnnxGraph graph = branches[call.ScalarConstant(0) != 0f ? 0 : 1] ?? throw call.Fault("is missing a branch");
        OnnxImporter.ConvertSubgraph(graph, call.Scope);
        for (int i = 0; i < call.OutputCount && i < graph.Outputs.Count; i++)
        {
            string name = graph.Outputs[i].Name;
            call.Output(i, call.Scope.TryFind(name, out OnnxOperand operand) ? operand : throw call.Fault($"has a branch whose output '{name}' is not produced"));
        }
    }
}
