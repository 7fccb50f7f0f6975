using System.Numerics;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Emit.Operators;

/// <summary>Add, Sub, Mul and Div of two tensors with broadcasting, as loops.</summary>
internal static class BinaryEmitter
{
    private const int Entries = 256;

    /// <summary>float32: the expression is made of both operands.</summary>
    internal static void Float32(EmitContext context, OperatorRecord record, Func<string, string, string> expression)
    {
        context.CloseMethod();
        PlaceLoops loops = Open(context, record, out string a, out string b, out string y);
        context.Store(y, TensorType.Float32, expression(a, b), 12, 24);
        loops.Close();
        context.CloseMethod();
    }

    /// <summary>Add, Sub or Mul of int8 or int16.</summary>
    internal static void Quantized(EmitContext context, OperatorRecord record)
    {
        if (!context.HasArrays())
        {
            return;
        }

        TensorInfo output = record.Outputs[0];
        bool isMul = record.Info.Opcode == Opcode.Mul;
        bool isInt8 = output.Type == TensorType.Int8;
        int sign = record.Info.Opcode == Opcode.Sub ? -1 : 1;
        Func<int, int> left = Scaled(record, 0, BinaryRule.MultiplierA, 1);
        Func<int, int> right = Scaled(record, 1, BinaryRule.MultiplierB, sign);
        (long low, long high) = isMul ? Products(context, record) : Sums(context, record, left, right);
        var lane = new Lane(0, 0, 64 - BitOperations.LeadingZeroCount((ulong)(high - low)), low, high);
        var scaling = new UnitScaling([lane], [0], [record.Int(BinaryRule.Multiplier)], [(sbyte)record.Int(BinaryRule.Shift)])
        {
            Output = output.Type,
            ZeroPoint = output.ZeroPoint,
            Min = record.Int(BinaryRule.Min),
            Max = record.Int(BinaryRule.Max),
        };
        context.CloseMethod();
        var finish = new ArrayFinish(context, Literal.Of(output.Index), scaling, [0]);
        finish.Load("0");
        PlaceLoops loops = Open(context, record, out string a, out string b, out string y);
        string s = context.Declare("long", "s");
        if (isMul)
        {
            context.Add($"{s}s = (({a} - ({record.Inputs[0].ZeroPoint})) * ({b} - ({record.Inputs[1].ZeroPoint}))) - ({Literal.Of(low)});", 16, 44);
        }
        else if (isInt8)
        {
            // What sums are counted from is in the left table.
            string leftTable = context.Local("int", context.Table<int>($"Left{output.Index}", "int", [.. Enumerable.Range(-128, Entries).Select(value => (int)(left(value) - low))]));
            string rightTable = context.Local("int", context.Table<int>($"Right{output.Index}", "int", [.. Enumerable.Range(-128, Entries).Select(right)]));
            context.Add($"{s}s = {leftTable}[{a} + 128] + {rightTable}[{b} + 128];", 18, 40);
        }
        else
        {
            Scale(context, record, a, "u", 0, BinaryRule.MultiplierA);
            Scale(context, record, b, "v", 1, BinaryRule.MultiplierB);
            context.Add($"{s}s = u {(sign < 0 ? '-' : '+')} v - ({Literal.Of(low)});", 6, 16);
        }

        finish.Emit("s", "0", y);
        loops.Close();
        context.CloseMethod();
        context.SetRange(output, DenseFinish.Results(context, scaling));
    }

    private static PlaceLoops Open(EmitContext context, OperatorRecord record, out string a, out string b, out string y)
    {
        TensorInfo output = record.Outputs[0];
        ArrayPlace left = context.Source(record.Inputs[0]);
        ArrayPlace right = context.Source(record.Inputs[1]);
        ArrayPlace to = context.Target(output);
        int[] leftSteps = Steps(record.Inputs[0], output);
        int[] rightSteps = Steps(record.Inputs[1], output);
        (a, b, y) = ($"{left.Name}[at]", $"{right.Name}[by]", $"{to.Name}[to]");
        context.Comment($"{record.Info.Name} of {output.Elements}");
        return PlaceLoops.Open(
            context,
            Enumerable.Range(0, output.Rank).Select(axis => new PlaceLevel(output.Dimension(axis), leftSteps[axis], rightSteps[axis])),
            Literal.Of(left.Offset),
            Literal.Of(to.Offset),
            1,
            Literal.Of(right.Offset));
    }

    // The steps of a tensor along the axes of one that it is broadcast to: 0 where it repeats.
    private static int[] Steps(TensorInfo tensor, TensorInfo to)
    {
        int[] steps = new int[to.Rank];
        int step = 1;
        for (int axis = 1; axis <= tensor.Rank; axis++)
        {
            int size = tensor.Dimension(-axis);
            steps[to.Rank - axis] = size == 1 ? 0 : step;
            step *= size;
        }

        return steps;
    }

    // An operand on the scale of the sums.
    private static Func<int, int> Scaled(OperatorRecord record, int input, int multiplier, int sign)
    {
        int shift = BinaryRule.LeftShiftOf(record.Inputs[0].Type);
        int zero = record.Inputs[input].ZeroPoint;
        return value => sign * FixedPoint.Requantize((value - zero) << shift, record.Int(multiplier), record.Int(multiplier + 1));
    }

    // Requantization keeps the order of numbers, so what lies between the ends is between their results.
    private static (long Low, long High) Sums(EmitContext context, OperatorRecord record, Func<int, int> left, Func<int, int> right)
    {
        ValueRange a = context.Range(record.Inputs[0]);
        ValueRange b = context.Range(record.Inputs[1]);
        return (
            (long)Math.Min(left(a.Low), left(a.High)) + Math.Min(right(b.Low), right(b.High)),
            (long)Math.Max(left(a.Low), left(a.High)) + Math.Max(right(b.Low), right(b.High)));
    }

    private static (long Low, long High) Products(EmitContext context, OperatorRecord record)
    {
        ValueRange a = context.Range(record.Inputs[0]);
        ValueRange b = context.Range(record.Inputs[1]);
        long[] ends =
        [
            .. from x in (int[])[a.Low, a.High]
               from y in (int[])[b.Low, b.High]
               select (long)(x - record.Inputs[0].ZeroPoint) * (y - record.Inputs[1].ZeroPoint),
        ];
        return (ends.Min(), ends.Max());
    }

    // The steps of FixedPoint.Requantize for an operand of int16, whose shift is never to the left.
    private static void Scale(EmitContext context, OperatorRecord record, string element, string name, int input, int multiplier)
    {
        int shift = -record.Int(multiplier + 1);
        context.Add($"{context.Declare("long", name)}{name} = ((((long)({element} - ({record.Inputs[input].ZeroPoint})) << {BinaryRule.LeftShiftOf(TensorType.Int16)}) * {Literal.Of((long)record.Int(multiplier))}) + {Literal.Of(1L << 30)}) >> 31;", 18, 60);
        if (shift > 0)
        {
            context.Add($"{name} = ({name} + {Literal.Of(1L << (shift - 1))} + ({name} >> 63)) >> {shift};", 11, 28);
        }
    }
}
