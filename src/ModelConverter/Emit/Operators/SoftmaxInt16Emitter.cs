using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Emit.Operators;

/// <summary>Softmax on int16: the steps of Int16Softmax written out, both tables looked up in place.</summary>
internal static class SoftmaxInt16Emitter
{
    private const int ClassBytes = 210;
    private const int RowLocals = 20;

    // A difference to the row's maximum.
    private const int LowestDifference = -65535;

    internal static void Emit(EmitContext context, OperatorRecord record)
    {
        TensorInfo input = record.Inputs[0];
        TensorInfo output = record.Outputs[0];
        int depth = input.LastDimension;
        string exponentials = context.Table($"Exp{output.Index}", "short", context.Data<short>(record.Inputs[1]));
        string reciprocals = context.Table($"Reciprocal{output.Index}", "short", context.Data<short>(record.Inputs[2]));
        for (int start = 0; start < input.Elements; start += depth)
        {
            // One method holds a whole row, because its maximum, sum and exponentials are locals.
            context.Room(((depth + 2) * ClassBytes) + 200, (2 * depth) + RowLocals);
            Maximum(context, input, start, depth);
            context.Add($"{context.Declare("int", "total")}total = 0;", 2, 4);
            for (int i = 0; i < depth; i++)
            {
                Exponential(context, record, context.Read(input, start + i), i, context.Local("short", exponentials));
            }

            Reciprocal(context, context.Local("short", reciprocals));
            for (int i = 0; i < depth; i++)
            {
                context.Add($"{context.Declare("int", "y")}y = ((w{i} * reciprocal) + nearest) >> shift;", 9, 16);
                context.Write(output, start + i, $"y < 0 ? 0 : y > {short.MaxValue} ? {short.MaxValue} : y", 8, 26);
            }
        }

        context.SetRange(output, new ValueRange(0, short.MaxValue));
    }

    private static void Maximum(EmitContext context, TensorInfo input, int start, int depth)
    {
        string first = context.Read(input, start);
        context.Add($"{context.Declare("long", "top")}top = {first};", 2, 4);
        for (int i = 1; i < depth; i++)
        {
            string x = context.Read(input, start + i);
            context.Add($"top = {x} > top ? {x} : top;", 6, 14);
        }
    }

    private static void Exponential(EmitContext context, OperatorRecord record, string x, int index, string table)
    {
        int multiplier = record.Int(SoftmaxRule.Multiplier);
        int shift = record.Int(SoftmaxRule.LeftShift);
        string k = $"{context.Declare("int", "k")}k";
        if (shift <= 0)
        {
            // Rounded twice, the second time with ties away from zero, which for a difference is downwards.
            context.Add($"{context.Declare("long", "p")}p = ((({x} - top) * {Literal.Of((long)multiplier)}) + {Literal.Of(1L << 30)}) >> 31;", 10, 36);
            string rounded = shift == 0 ? "p" : $"((p + {Literal.Of(1L << (-shift - 1))} + (p >> 63)) >> {-shift})";
            context.Add($"{k} = (int){rounded} + {short.MaxValue};", shift == 0 ? 5 : 13, 30);
        }
        else
        {
            context.Add($"{context.Declare("long", "p")}p = ({x} - top) << {shift};", 7, 10);
            context.Add($"p = p < {int.MinValue} ? {int.MinValue} : p;", 6, 16);
            context.Add($"{k} = (int)(((p * {Literal.Of((long)multiplier)}) + {Literal.Of(1L << 30)}) >> 31) + {short.MaxValue};", 13, 40);
        }

        context.Add($"k = k < {short.MinValue} ? {short.MinValue} : k > {short.MaxValue} ? {short.MaxValue} : k;", 8, 26);
        Interpolate(context, $"w{index}", table);
        context.Add($"total += w{index};", 4, 6);
    }

    private static void Reciprocal(EmitContext context, string table)
    {
        context.Add($"{context.Declare("int", "zeros")}zeros = 0;", 2, 4);
        context.Add("while ((total << zeros) > 0)", 40, 8);
        context.Add("{", 0, 0);
        context.Add("    zeros++;", 40, 6);
        context.Add("}", 0, 0);
        context.Add($"k = (int)((((long)total << (zeros - 1)) + {1 << 13}) >> 14) - {(1 << 15) + (1 << 16)};", 14, 30);
        context.Add($"k = k < {short.MinValue} ? {short.MinValue} : k > {short.MaxValue} ? {short.MaxValue} : k;", 8, 26);
        Interpolate(context, "reciprocal", table);
        context.Add($"{context.Declare("int", "shift")}shift = 31 - zeros;", 4, 8);
        context.Add($"{context.Declare("int", "nearest")}nearest = 1 << (shift - 1);", 6, 10);
    }

    // Int16Softmax.Interpolate at k.
    private static void Interpolate(EmitContext context, string result, string table)
    {
        context.Add($"{context.Declare("int", "n")}n = 256 + (k >> 7);", 6, 12);
        context.Add($"{context.Declare("int", "entry")}entry = {table}[n];", 4, 8);
        context.Add($"{context.Declare("int", result)}{result} = (short)(entry + ((((short)({table}[n + 1] - entry) * (k & 127)) + 64) >> 7));", 20, 34);
    }
}
