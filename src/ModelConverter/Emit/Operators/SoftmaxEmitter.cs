using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Emit.Operators;

/// <summary>Softmax over the last axis, in int8 by a table of the exponentials of all differences, in float32 by FloatMath.</summary>
internal static class SoftmaxEmitter
{
    private const int AccumulatorIntegerBits = 12;
    private const int ExpInstructions = 70;
    private const int ElementBytes = 60;

    internal static void Float32(EmitContext context, OperatorRecord record)
    {
        TensorInfo input = record.Inputs[0];
        TensorInfo output = record.Outputs[0];
        int depth = input.LastDimension;
        string beta = Literal.Of(record.Float(SoftmaxRule.Beta));
        context.NeedsEngine = true;
        for (int start = 0; start < input.Elements; start += depth)
        {
            Begin(context, input, start, depth, "float", "m");
            for (int i = 1; i < depth; i++)
            {
                string x = context.Read(input, start + i);
                context.ComparesItself = true;
                context.Add($"m = m < {x} || {x} != {x} ? {x} : m;", 8, 18);
            }

            context.Add($"{context.Declare("float", "sum")}sum = 0f;", 2, 6);
            for (int i = 0; i < depth; i++)
            {
                if (i > 0 && i % FloatSums.Part == 0)
                {
                    EndPart(context, i == FloatSums.Part);
                }

                context.Add($"{context.Declare("float", $"e{i}")}e{i} = EdgeInference.ModelFormat.Numerics.FloatFunctions.Exp({beta} * ({context.Read(input, start + i)} - m));", ExpInstructions, 22);
                context.Add($"sum += e{i};", 4, 6);
            }

            if (depth > FloatSums.Part)
            {
                EndPart(context, false);
                context.Add("sum = lost - lost == 0f ? total + lost : total;", 8, 18);
            }

            for (int i = 0; i < depth; i++)
            {
                context.Write(output, start + i, $"FloatMath.Divide(e{i}, sum)", 20, 10);
            }
        }
    }

    // The steps of FloatSums: sum is a part, total the sum of the parts.
    private static void EndPart(EmitContext context, bool isFirst)
    {
        string total = context.Declare("float", "total");
        string lost = context.Declare("float", "lost");
        if (isFirst)
        {
            context.Add($"{total}total = 0f;", 2, 6);
            context.Add($"{lost}lost = 0f;", 2, 6);
        }

        context.Add($"{context.Declare("float", "after")}after = total + sum;", 4, 8);
        context.Add($"{context.Declare("float", "added")}added = after - total;", 4, 8);
        context.Add("lost += (total - (after - added)) + (sum - added);", 10, 16);
        context.Add("total = after;", 2, 4);
        context.Add("sum = 0f;", 2, 6);
    }

    internal static void Int8(EmitContext context, OperatorRecord record)
    {
        TensorInfo input = record.Inputs[0];
        TensorInfo output = record.Outputs[0];
        int depth = input.LastDimension;
        (int[] exponentials, int[] rounded) = Tables(record);
        string full = context.Table<int>($"Exp{output.Index}", "int", exponentials);
        string terms = context.Table<int>($"ExpSum{output.Index}", "int", rounded);
        int bits = output.Type == TensorType.Int8 ? 8 : 16;
        ValueRange limits = EmitContext.Limits(output.Type);
        context.NeedsEngine = true;
        for (int start = 0; start < input.Elements; start += depth)
        {
            Begin(context, input, start, depth, "long", "m");
            for (int i = 1; i < depth; i++)
            {
                string x = context.Read(input, start + i);
                context.Add($"m = {x} > m ? {x} : m;", 6, 14);
            }

            string sums = context.Local("int", terms);
            context.Add($"{context.Declare("int", "total")}total = 0;", 2, 4);
            for (int i = 0; i < depth; i++)
            {
                context.Add($"total += {sums}[(int)(m - {context.Read(input, start + i)})];", 8, 14);
            }

            context.Add($"{context.Declare("int", "zeros")}zeros = 0;", 2, 4);
            context.Add("while ((total << zeros) > 0)", 40, 8);
            context.Add("{", 0, 0);
            context.Add("    zeros++;", 40, 6);
            context.Add("}", 0, 0);
            context.Add($"{context.Declare("long", "r")}r = EdgeInference.ModelFormat.Numerics.FixedPointExponential.ReciprocalOfOnePlus((int)(((uint)total << zeros) - 0x80000000u));", 260, 20);
            context.Add($"{context.Declare("int", "shift")}shift = {AccumulatorIntegerBits + 31 - bits} - zeros;", 4, 10);
            context.Add("if (shift > 31)", 3, 5);
            context.Add("{", 0, 0);
            context.Add("    shift = 31;", 0, 4);
            context.Add("}", 0, 0);
            context.Add($"{context.Declare("long", "half")}half = 1L << (shift - 1);", 6, 10);
            string table = context.Local("int", full);
            for (int i = 0; i < depth; i++)
            {
                context.Add($"{context.Declare("long", "q")}q = ((((r * {table}[(int)(m - {context.Read(input, start + i)})]) + {Literal.Of(1L << 30)}) >> 31) + half) >> shift;", 18, 36);
                context.Write(output, start + i, $"q > {limits.High - limits.Low} ? {limits.High} : q + ({limits.Low})", 6, 20);
            }
        }
    }

    // One method holds a whole row, because its maximum and sum are locals.
    private static void Begin(EmitContext context, TensorInfo input, int start, int depth, string type, string name)
    {
        int locals = (type == "float" ? 2 : 1) * depth;
        context.Room(depth * 3 * ElementBytes, locals + 12);
        string first = context.Read(input, start);
        context.Add($"{context.Declare(type, name)}{name} = {first};", 2, 4);
    }

    // By the distance below the maximum; 0 where a class is too far below to count.
    private static (int[] Exponentials, int[] Rounded) Tables(OperatorRecord record)
    {
        int[] exponentials = new int[256];
        int[] rounded = new int[256];
        for (int distance = 0; distance < exponentials.Length && -distance >= record.Int(SoftmaxRule.DifferenceMin); distance++)
        {
            int scaled = FixedPoint.SaturatingRoundingDoublingHighMul(-distance << record.Int(SoftmaxRule.LeftShift), record.Int(SoftmaxRule.Multiplier));
            exponentials[distance] = FixedPointExponential.OfNegative(scaled);
            rounded[distance] = FixedPoint.RoundingDivideByPowerOfTwo(exponentials[distance], AccumulatorIntegerBits);
        }

        return (exponentials, rounded);
    }
}
