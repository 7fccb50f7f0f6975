using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Emit.Operators;

/// <summary>Transpose, Slice, Expand, Concat and Pad: copies, in runs as long as can be.</summary>
internal static class MovementEmitter
{
    // A call of Array.Copy.
    private const int CopyInstructions = 16;
    private const int CopyBytes = 24;

    internal static void Strided(EmitContext context, OperatorRecord record)
    {
        if (!context.HasArrays())
        {
            return;
        }

        TensorInfo x = record.Inputs[0];
        TensorInfo y = record.Outputs[0];
        int offset = 0;
        int[] own = Steps(x, false, x);
        int[] steps = own;
        switch (record.Info.Opcode)
        {
            case Opcode.Transpose:
                steps = [.. Enumerable.Range(0, x.Rank).Select(axis => own[record.Int(TransposeRule.Permutation + axis)])];
                break;
            case Opcode.Slice:
                offset = Enumerable.Range(0, x.Rank).Sum(axis => record.Int(SliceRule.Start + axis) * own[axis]);
                steps = [.. Enumerable.Range(0, x.Rank).Select(axis => own[axis] * record.Int(SliceRule.Step + axis))];
                break;
            default:
                steps = Steps(x, true, y);
                break;
        }

        context.CloseMethod();
        ArrayPlace from = context.Source(x);
        ArrayPlace to = context.Target(y);
        context.Comment($"{record.Info.Name} to {y.ShapeText()}");
        List<PlaceLevel> levels = PlaceLoops.Merged(Enumerable.Range(0, y.Rank).Select(axis => new PlaceLevel(y.Dimension(axis), steps[axis])));
        int run = levels.Count > 0 && levels[^1].Step == 1 ? levels[^1].Trips : 1;
        if (run > 1)
        {
            levels.RemoveAt(levels.Count - 1);
        }

        PlaceLoops loops = PlaceLoops.Open(context, levels, Literal.Of(from.Offset + offset), Literal.Of(to.Offset), run);
        if (run > 1)
        {
            context.Add($"Array.Copy({from.Name}, at, {to.Name}, to, {run});", CopyInstructions, CopyBytes);
        }
        else
        {
            context.Add($"{to.Name}[to] = {from.Name}[at];", 6, 12);
        }

        loops.Close();
        context.CloseMethod();
        Pass(context, record);
    }

    internal static void Concat(EmitContext context, OperatorRecord record)
    {
        if (!context.HasArrays())
        {
            return;
        }

        int axis = record.Int(ConcatRule.Axis);
        int outer = Enumerable.Range(0, axis).Aggregate(1, (product, i) => product * record.Outputs[0].Dimension(i));
        int row = record.Outputs[0].Elements / outer;
        int place = 0;
        context.CloseMethod();
        ArrayPlace to = context.Target(record.Outputs[0]);
        context.Comment($"Concat to {record.Outputs[0].ShapeText()}");
        foreach (TensorInfo input in record.Inputs)
        {
            int run = input.Elements / outer;
            ArrayPlace from = context.Source(input);
            PlaceLoops loops = PlaceLoops.Open(context, [new PlaceLevel(outer, run)], Literal.Of(from.Offset), Literal.Of(to.Offset + place), row);
            context.Add($"Array.Copy({from.Name}, at, {to.Name}, to, {run});", CopyInstructions, CopyBytes);
            loops.Close();
            place += run;
        }

        context.CloseMethod();
        context.SetRange(record.Outputs[0], new ValueRange(record.Inputs.Min(input => context.Range(input).Low), record.Inputs.Max(input => context.Range(input).High)));
    }

    internal static void Pad(EmitContext context, OperatorRecord record)
    {
        if (!context.HasArrays())
        {
            return;
        }

        TensorInfo x = record.Inputs[0];
        TensorInfo y = record.Outputs[0];
        int axes = x.Rank;
        int run = 1;
        while (axes > 0 && x.Dimension(axes - 1) == y.Dimension(axes - 1))
        {
            axes--;
            run *= x.Dimension(axes);
        }

        var mode = (PadMode)record.Int(PadRule.Mode);
        string type = EmitContext.ElementType(x.Type);
        context.CloseMethod();
        ArrayPlace from = context.Source(x);
        ArrayPlace to = context.Target(y);
        context.Comment($"Pad to {y.ShapeText()}");
        string value = x.Type == TensorType.Float32 ? Literal.Of(record.Float(PadRule.Value)) : Literal.Of(record.Int(PadRule.Value));
        string values = context.Local(type, context.Made($"Values{y.Index}", type, $"{(x.Type == TensorType.Float32 ? "Float" : x.Type.ToString())}Filled({run}, {value})", run));
        context.Add($"{context.Declare("int", "to")}to = {to.Offset};", 2, 7);
        int[] own = Steps(x, false, x);
        string source = Literal.Of(from.Offset);
        for (int axis = 0; axis < axes; axis++)
        {
            int before = record.Int(PadRule.Before + axis);
            int[] map = [.. Enumerable.Range(0, y.Dimension(axis)).Select(i => Place(i - before, x.Dimension(axis), mode)).Select(i => i < 0 ? -1 : i * own[axis])];
            string table = context.Local("int", context.Table<int>($"Map{y.Index}_{axis}", "int", map));
            context.BeginLoop($"for (int n{axis} = 0; n{axis} < {map.Length}; n{axis}++)", map.Length);
            string next = $"{context.Declare("int", $"from{axis}")}from{axis}";
            string outside = axis == 0 ? $"{table}[n0] < 0" : $"{source} < 0 || {table}[n{axis}] < 0";
            context.Add($"{next} = {outside} ? -1 : {source} + {table}[n{axis}];", 14, 34);
            source = $"from{axis}";
        }

        if (axes == 0)
        {
            context.Add($"Array.Copy({from.Name}, {source}, {to.Name}, to, {run});", CopyInstructions, CopyBytes);
        }
        else if (run == 1)
        {
            context.Add($"{to.Name}[to] = {source} < 0 ? {values}[0] : {from.Name}[{source}];", 10, 22);
        }
        else
        {
            context.Add($"Array.Copy({source} < 0 ? {values} : {from.Name}, {source} < 0 ? 0 : {source}, {to.Name}, to, {run});", CopyInstructions + 6, CopyBytes + 16);
        }

        context.Add($"to += {run};", 4, 8);
        for (int axis = 0; axis < axes; axis++)
        {
            context.EndLoop();
        }

        context.CloseMethod();
        if (x.Type != TensorType.Float32)
        {
            ValueRange range = context.Range(x);
            int outside = record.Int(PadRule.Value);
            context.SetRange(y, new ValueRange(Math.Min(range.Low, outside), Math.Max(range.High, outside)));
        }
    }

    private static void Pass(EmitContext context, OperatorRecord record) => context.SetRange(record.Outputs[0], context.Range(record.Inputs[0]));

    // Which element a place shows; −1 for the value.
    private static int Place(int position, int size, PadMode mode)
    {
        if (position >= 0 && position < size)
        {
            return position;
        }

        return mode switch
        {
            PadMode.Reflect => position < 0 ? -position : (2 * (size - 1)) - position,
            PadMode.Edge => position < 0 ? 0 : size - 1,
            PadMode.Wrap => ((position % size) + size) % size,
            _ => -1,
        };
    }

    private static int[] Steps(TensorInfo tensor, bool repeats, TensorInfo to)
    {
        int[] steps = new int[to.Rank];
        int step = 1;
        for (int axis = 1; axis <= tensor.Rank; axis++)
        {
            int size = tensor.Dimension(-axis);
            steps[to.Rank - axis] = repeats && size == 1 ? 0 : step;
            step *= size;
        }

        return steps;
    }
}
