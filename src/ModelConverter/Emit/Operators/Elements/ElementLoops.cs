using EdgeInference.ModelConverter.Activations;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Emit.Operators;

/// <summary>Operators that take each element on its own, as loops over arrays.</summary>
internal static class ElementLoops
{
    private const int Entries = 256;

    internal static void Activation(EmitContext context, OperatorRecord record)
    {
        var kind = (ActivationKind)record.Int(ActivationRule.Kind);
        int cycle = kind == ActivationKind.PReLU ? record.Inputs[0].LastDimension : 1;
        Open(context, record, cycle, out ArrayPlace from, out ArrayPlace to);
        context.Add($"{context.Declare("float", "v")}v = {Element(from)};", 5, 12);
        string beta = Literal.Of(record.Float(ActivationRule.Beta));
        string alpha = Literal.Of(record.Float(ActivationRule.Alpha));
        if (kind == ActivationKind.PReLU)
        {
            context.Add($"{context.Declare("float", "alpha")}alpha = {context.Source(record.Inputs[1]).Name}[k];", 5, 12);
            alpha = "alpha";
        }

        (string Code, int Instructions) code = ActivationFunctions.Get(kind).NanoCode("v", alpha) is { } inline
            ? inline
            : ActivationCode.Call(context, kind, "v", alpha, beta);
        context.Store(Element(to), TensorType.Float32, code.Code, code.Instructions, 40);
        Close(context, cycle);
    }

    internal static void Table(EmitContext context, OperatorRecord record)
    {
        TensorInfo output = record.Outputs[0];
        bool isNarrow = output.Type == TensorType.Int8;
        int tables = record.Inputs[1].Elements / Entries;
        Open(context, record, tables, out ArrayPlace from, out ArrayPlace to);
        string table = isNarrow
            ? context.Local("sbyte", context.Table($"Table{output.Index}", "sbyte", context.Data<sbyte>(record.Inputs[1])))
            : context.Local("short", context.Table($"Table{output.Index}", "short", context.Data<short>(record.Inputs[1])));
        string index = tables == 1 ? $"{Element(from)} + 128" : $"{Element(from)} + 128 + ({Entries} * k)";
        context.Store(Element(to), output.Type, $"{table}[{index}]", 8, 20, isNarrow: true);
        Close(context, tables);
    }

    /// <summary>The steps of <see cref="ElementEmitter.Quantize"/>; false where a scale needs a division of its own.</summary>
    internal static bool TryQuantize(EmitContext context, OperatorRecord record)
    {
        TensorInfo output = record.Outputs[0];
        float[] scales = record.HasInput(2) ? context.Data<float>(record.Inputs[2]).ToArray() : [output.Scale];
        if (Array.Exists(scales, scale => scale == 0f || !float.IsNormal(scale * 0.5f)))
        {
            return false;
        }

        int cycle = record.HasInput(1) || record.HasInput(2) ? record.Inputs[0].LastDimension : 1;
        ValueRange limits = EmitContext.Limits(output.Type);
        int zero = output.ZeroPoint;
        Open(context, record, cycle, out ArrayPlace from, out ArrayPlace to);
        string x = Element(from);
        if (record.HasInput(1))
        {
            x = $"({x} - {context.Source(record.Inputs[1]).Name}[k])";
        }

        string divisor = record.HasInput(2)
            ? context.Local("float", context.Floats($"Half{output.Index}", [.. scales.Select(scale => scale * 0.5f)])) + "[k]"
            : Literal.Of(output.Scale * 0.5f);
        string low = Literal.Of(2f * (limits.Low - zero));
        string high = Literal.Of(2f * (limits.High - zero));
        context.Add($"{context.Declare("float", "f")}f = {x} / {divisor};", 10, 32);

        // 0 / f is 0 for an infinity and NaN for NaN, which nanoFramework takes for greater than any number.
        context.Add($"{context.Declare("int", "n")}n = {low} <= f && f <= {high} ? (int)f : !(0f / f == 0f) ? 0 : {high} < f ? {2 * (limits.High - zero)} : {2 * (limits.Low - zero)};", 8, 60);
        context.Store(Element(to), output.Type, $"(n + (n >> 31) + {1 + (2 * zero)}) >> 1", 9, 16);
        Close(context, cycle);
        return true;
    }

    internal static void Dequantize(EmitContext context, OperatorRecord record)
    {
        TensorInfo input = record.Inputs[0];
        Open(context, record, 1, out ArrayPlace from, out ArrayPlace to);
        string difference = input.ZeroPoint == 0 ? Element(from) : $"({Element(from)} - ({input.ZeroPoint}))";
        context.Store(Element(to), TensorType.Float32, $"{Literal.Of(input.Scale)} * {difference}", 8, 20);
        Close(context, 1);
    }

    /// <summary>A table of segments: the element is the local x.</summary>
    internal static void Interpolation(EmitContext context, OperatorRecord record, Action<Action<string, int, int, bool>> steps)
    {
        Open(context, record, 1, out ArrayPlace from, out ArrayPlace to);
        context.Add($"{context.Declare("long", "x")}x = {Element(from)};", 6, 12);
        steps((code, instructions, size, isNarrow) => context.Store(Element(to), record.Outputs[0].Type, code, instructions, size, isNarrow));
        Close(context, 1);
    }

    // A loop with i over the elements and, where something repeats, k over what does.
    private static void Open(EmitContext context, OperatorRecord record, int cycle, out ArrayPlace from, out ArrayPlace to)
    {
        context.CloseMethod();
        int elements = record.Outputs[0].Elements;
        from = context.Source(record.Inputs[0]);
        to = context.Target(record.Outputs[0]);
        context.Comment($"{record.Info.Name} of {elements}");
        if (cycle > 1)
        {
            context.Add($"{context.Declare("int", "k")}k = 0;", 2, 4);
        }

        context.BeginLoop($"for (int i = 0; i < {elements}; i++)", elements);
    }

    private static void Close(EmitContext context, int cycle)
    {
        if (cycle > 1)
        {
            context.Add($"k = k == {cycle - 1} ? 0 : k + 1;", 7, 16);
        }

        context.EndLoop();
        context.CloseMethod();
    }

    private static string Element(ArrayPlace place) => $"{place.Name}[i{(place.Offset == 0 ? "" : $" + {place.Offset}")}]";
}
