using System.Globalization;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Emit.Operators;

/// <summary>Operators that take each element on its own: Activation, Table, Quantize, Dequantize, Add, Sub, Mul, Div, and Concat.</summary>
internal static class ElementEmitter
{
    // The widest statement of these, and the locals it may need.
    private const int RoomBytes = 160;
    private const int RoomLocals = 6;

    // Of a table, or of one channel's.
    private const int Entries = 256;

    internal static void Activation(EmitContext context, OperatorRecord record)
    {
        if (context.Loops(record.Outputs[0].Elements))
        {
            ElementLoops.Activation(context, record);
            return;
        }

        var kind = (ActivationKind)record.Int(ActivationRule.Kind);
        for (int i = 0; i < record.Inputs[0].Elements; i++)
        {
            context.Room(RoomBytes, RoomLocals);
            float alpha = kind == ActivationKind.PReLU
                ? context.Data<float>(record.Inputs[1])[i % record.Inputs[0].LastDimension]
                : record.Float(ActivationRule.Alpha);
            string x = context.Read(record.Inputs[0], i);
            (string code, int instructions) = ActivationCode.Of(context, kind, x, alpha, record.Float(ActivationRule.Beta));
            context.Write(record.Outputs[0], i, code, instructions, 40);
        }
    }

    internal static void Table(EmitContext context, OperatorRecord record)
    {
        TensorInfo output = record.Outputs[0];
        bool isNarrow = output.Type == TensorType.Int8;
        string name = $"Table{output.Index}";
        string field = isNarrow
            ? context.Table(name, "sbyte", context.Data<sbyte>(record.Inputs[1]))
            : context.Table(name, "short", context.Data<short>(record.Inputs[1]));
        int tables = record.Inputs[1].Elements / Entries;
        bool loops = context.Loops(output.Elements);
        if (loops)
        {
            ElementLoops.Table(context, record);
        }

        for (int i = 0; i < output.Elements && !loops; i++)
        {
            context.Room(RoomBytes, RoomLocals);
            string x = context.Read(record.Inputs[0], i);
            int zero = (i % tables * Entries) + 128;
            context.Write(output, i, string.Create(CultureInfo.InvariantCulture, $"{context.Local(isNarrow ? "sbyte" : "short", field)}[(int){x} + {zero}]"), 7, 14, isNarrow: true);
        }

        ValueRange input = context.Range(record.Inputs[0]);
        var values = new List<int>();
        for (int x = input.Low; x <= input.High; x++)
        {
            for (int entry = x + 128; entry < record.Inputs[1].Elements; entry += Entries)
            {
                values.Add(isNarrow ? context.Data<sbyte>(record.Inputs[1])[entry] : context.Data<short>(record.Inputs[1])[entry]);
            }
        }

        context.SetRange(output, new ValueRange(values.Min(), values.Max()));
    }

    /// <summary>
    /// Rounds half away from zero without a call: divided by half the scale (exact, a power of two) the value is doubled, and
    /// its integer part i gives (i + 1 + (i &gt;&gt; 31)) &gt;&gt; 1. Outside the bounds, where the conversion would not be defined, the
    /// result is a constant.
    /// </summary>
    internal static void Quantize(EmitContext context, OperatorRecord record)
    {
        TensorInfo output = record.Outputs[0];
        if (context.Loops(output.Elements) && ElementLoops.TryQuantize(context, record))
        {
            return;
        }

        int features = record.Inputs[0].LastDimension;
        ValueRange limits = EmitContext.Limits(output.Type);
        int zero = output.ZeroPoint;
        for (int i = 0; i < output.Elements; i++)
        {
            context.Room(RoomBytes, RoomLocals);
            float offset = record.HasInput(1) ? context.Data<float>(record.Inputs[1])[i % features] : 0f;
            float scale = record.HasInput(2) ? context.Data<float>(record.Inputs[2])[i % features] : output.Scale;
            string x = context.Read(record.Inputs[0], i);
            string difference = record.HasInput(1) ? $"({x} - {Literal.Of(offset)})" : x;
            if (scale == 0f || !float.IsNormal(scale * 0.5f))
            {
                context.NeedsEngine = true;
                context.Write(output, i, $"FloatMath.Round(FloatMath.Divide({difference}, {Literal.Of(scale)}), {zero}, {limits.Low}, {limits.High})", 70, 40);
                continue;
            }

            string low = Literal.Of(2f * (limits.Low - zero));
            string high = Literal.Of(2f * (limits.High - zero));
            context.Add($"{context.Declare("float", "f")}f = {difference} / {Literal.Of(scale * 0.5f)};", 6, 20);
            context.Add($"{context.Declare("int", "n")}n = {low} <= f && f <= {high}", 6, 18);
            context.Add("    ? (int)f", 2, 4);

            // 0 / f is 0 for an infinity and NaN for NaN, which nanoFramework takes for greater than any number.
            context.Add($"    : !(0f / f == 0f) ? 0 : {high} < f ? {2 * (limits.High - zero)} : {2 * (limits.Low - zero)};", 0, 34);
            context.Write(output, i, $"(n + (n >> 31) + {1 + (2 * zero)}) >> 1", 9, 16);
        }
    }

    internal static void Dequantize(EmitContext context, OperatorRecord record)
    {
        TensorInfo input = record.Inputs[0];
        if (context.Loops(input.Elements))
        {
            ElementLoops.Dequantize(context, record);
            return;
        }

        for (int i = 0; i < input.Elements; i++)
        {
            context.Room(RoomBytes, RoomLocals);
            string x = context.Read(input, i);
            string difference = input.ZeroPoint == 0 ? $"(int){x}" : $"((int){x} - ({input.ZeroPoint}))";
            context.Write(record.Outputs[0], i, $"{Literal.Of(input.Scale)} * {difference}", 7, 18);
        }
    }

    internal static void Arithmetic(EmitContext context, OperatorRecord record, char sign)
    {
        if (context.Loops(record.Outputs[0].Elements))
        {
            BinaryEmitter.Float32(context, record, (a, b) => $"{a} {sign} {b}");
            return;
        }

        Binary(context, record, (a, b, _) => $"{a} {sign} {b}");
    }

    internal static void Divide(EmitContext context, OperatorRecord record)
    {
        if (context.Loops(record.Outputs[0].Elements))
        {
            bool isSafe = record.Inputs[1].Storage == TensorStorage.Constant && context.Data<float>(record.Inputs[1]).IndexOf(0f) < 0;
            context.NeedsEngine |= !isSafe;
            BinaryEmitter.Float32(context, record, (a, b) => isSafe ? $"{a} / {b}" : $"FloatMath.Divide({a}, {b})");
            return;
        }

        DivideEach(context, record);
    }

    private static void DivideEach(EmitContext context, OperatorRecord record) => Binary(context, record, (a, b, right) =>
    {
        bool safe = record.Inputs[1].Storage == TensorStorage.Constant && context.Data<float>(record.Inputs[1])[right] != 0f;
        context.NeedsEngine |= !safe;
        return safe ? $"{a} / {b}" : $"FloatMath.Divide({a}, {b})";
    });

    // The expression is made of both operands and the index of the right one.
    private static void Binary(EmitContext context, OperatorRecord record, Func<string, string, int, string> expression)
    {
        TensorInfo output = record.Outputs[0];
        for (int i = 0; i < output.Elements; i++)
        {
            context.Room(RoomBytes, RoomLocals);
            string a = context.Read(record.Inputs[0], Broadcast(record.Inputs[0], output, i));
            int right = Broadcast(record.Inputs[1], output, i);
            string b = context.Read(record.Inputs[1], right);
            context.Write(output, i, expression(a, b, right), 4, 12);
        }
    }

    // The element of a tensor that stands at an element of the broadcast result.
    private static int Broadcast(TensorInfo tensor, TensorInfo result, int index)
    {
        int element = 0;
        int stride = 1;
        for (int axis = 1; axis <= result.Rank; axis++)
        {
            int position = index % result.Dimension(-axis);
            index /= result.Dimension(-axis);
            int size = axis <= tensor.Rank ? tensor.Dimension(-axis) : 1;
            element += size == 1 ? 0 : position * stride;
            stride *= size;
        }

        return element;
    }
}
