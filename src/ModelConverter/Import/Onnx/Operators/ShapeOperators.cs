using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.ModelConverter.Import.Onnx.Operators;

/// <summary>Operators that change a shape and no element.</summary>
internal static class ShapeOperators
{
    internal static readonly OnnxOperatorRow[] Rows =
    [
        new("Reshape", Reshape),
        new("Flatten", Flatten),
        new("Identity", call => call.Output(0, call.Operand(0))),
        new("Dropout", Dropout),
    ];

    private static void Reshape(OnnxNodeContext call)
    {
        bool zeroIsZero = call.Flag("allowzero");
        OnnxOperand x = call.Operand(0);
        long[] requested = call.IntegersOrNull(1, "shape") ?? throw call.Fault("is missing its shape");
        if (call.Scope.Batch is { } batch && requested.Length > 0 && requested[0] == batch.Fixed)
        {
            requested = [batch.Wanted, .. requested[1..]];
        }

        var shape = new int[requested.Length];
        int unknown = -1;
        long known = 1;
        for (int i = 0; i < shape.Length; i++)
        {
            long size = requested[i];
            if (size == 0 && !zeroIsZero)
            {
                size = i < x.Rank ? x.Shape[i] : throw call.Fault($"keeps dimension {i}, which its input does not have");
            }

            if (size == -1 && unknown < 0)
            {
                unknown = i;
                continue;
            }

            if (size < 0 || size > int.MaxValue)
            {
                throw call.Fault($"asks for the shape [{string.Join(", ", requested)}]");
            }

            known = checked(known * size);
            shape[i] = (int)size;
        }

        if (unknown >= 0)
        {
            if (known == 0 || x.Value.Elements % known != 0)
            {
                throw call.Fault($"cannot turn the shape {GraphBuilder.Text(x.Shape)} into [{string.Join(", ", requested)}]");
            }

            shape[unknown] = (int)(x.Value.Elements / known);
        }

        call.Output(0, x with { Value = call.Builder.Reshape(x.Value, shape) });
    }

    private static void Flatten(OnnxNodeContext call)
    {
        Value x = call.Input(0);
        long requested = call.Int("axis", 1);
        int axis = requested == x.Shape.Length ? x.Shape.Length : call.Axis(requested, x.Shape.Length);
        int rows = (int)GraphBuilder.Elements(x.Shape[..axis]);
        call.Output(call.Builder.Reshape(x, rows, x.Elements / rows));
    }

    private static void Dropout(OnnxNodeContext call)
    {
        call.Ignore("ratio", "seed", "is_test");
        if (call.Has(2) && call.ScalarConstant(2) != 0f)
        {
            throw call.Fault("is in training mode; export the model with model.eval()");
        }

        OnnxOperand x = call.Operand(0);
        call.Output(0, x);
        if (call.Wants(1))
        {
            var ones = new float[x.Value.Elements];
            Array.Fill(ones, 1f);
            call.Output(1, Value.Constant(call.Builder.Name + ".mask", ones, x.Shape), OnnxElementType.Bool);
        }
    }
}
