using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;

namespace EdgeInference.ModelConverter.Emit.Operators;

/// <summary>Table on int16: the steps of InterpolationTable written out for each element, on a table with its directory before it.</summary>
internal static class InterpolationEmitter
{
    private const int RoomBytes = 260;
    private const int RoomLocals = 8;

    internal static void Emit(EmitContext context, OperatorRecord record)
    {
        TensorInfo output = record.Outputs[0];
        int[] prepared = InterpolationTable.Prepare(context.Data<int>(record.Inputs[1]).ToArray());
        string field = context.Table<int>($"Curve{output.Index}", "int", prepared);
        ValueRange limits = EmitContext.Limits(output.Type);
        ValueRange all = Results(prepared, context.Range(record.Inputs[0]));
        bool fits = all.Low >= limits.Low && all.High <= limits.High;
        string cast = fits ? "" : output.Type == TensorType.Int8 ? "(sbyte)" : "(short)";
        if (context.Loops(output.Elements))
        {
            ElementLoops.Interpolation(context, record, store => Steps(context, field, "x", (code, instructions, size) => store(code, instructions, size, !fits), cast));
        }
        else
        {
            for (int i = 0; i < output.Elements; i++)
            {
                context.Room(RoomBytes, RoomLocals);
                int element = i;
                Steps(context, field, context.Read(record.Inputs[0], i), (code, instructions, size) => context.Write(output, element, code, instructions, size, isNarrow: !fits), cast);
            }
        }

        context.SetRange(output, fits ? all : limits);
    }

    // From an element, a long, to its result.
    private static void Steps(EmitContext context, string field, string x, Action<string, int, int> write, string cast)
    {
        string table = context.Local("int", field);
        context.Add($"{context.Declare("int", "n")}n = {table}[(int)({x} >> {InterpolationTable.CellBits}) + {InterpolationTable.Cells / 2}];", 9, 20);
        context.Add($"{context.Declare("int", "key")}key = ((int){x} << {InterpolationTable.ShiftBits}) + {(1 << InterpolationTable.ShiftBits) - 1};", 7, 12);
        context.Add($"while (key >= {table}[n + {InterpolationTable.SegmentLength}])", 10, 14);
        context.Add("{", 0, 0);
        context.Add($"    n += {InterpolationTable.SegmentLength};", 2, 8);
        context.Add("}", 0, 0);
        context.Add($"{context.Declare("int", "first")}first = {table}[n];", 4, 8);
        context.Add($"{context.Declare("int", "shift")}shift = first & {(1 << InterpolationTable.ShiftBits) - 1};", 4, 8);
        context.Add($"{context.Declare("long", "t")}t = {x} - (first >> {InterpolationTable.ShiftBits});", 7, 12);
        string sum = $"(({table}[n + 4] * t) >> shift) + {table}[n + 3]";
        sum = $"((({sum}) * t) >> shift) + {table}[n + 2]";
        sum = $"((({sum}) * t) >> shift) + {table}[n + 1]";
        write($"{cast}(int)(({sum}) >> {InterpolationTable.FractionBits})", 41, 86);
    }

    private static ValueRange Results(int[] prepared, ValueRange inputs)
    {
        int low = int.MaxValue;
        int high = int.MinValue;
        for (int x = inputs.Low; x <= inputs.High; x++)
        {
            int value = InterpolationTable.Evaluate(x, prepared);
            low = Math.Min(low, value);
            high = Math.Max(high, value);
        }

        return new ValueRange(low, high);
    }
}
