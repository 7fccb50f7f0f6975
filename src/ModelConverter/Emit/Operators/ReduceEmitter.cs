using System.Numerics;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Emit.Operators;

/// <summary>Reduce: loops over the outputs around loops over what each of them is made of, in the order of the input.</summary>
internal static class ReduceEmitter
{
    internal static void Quantized(EmitContext context, OperatorRecord record)
    {
        if (!context.HasArrays())
        {
            return;
        }

        TensorInfo x = record.Inputs[0];
        TensorInfo y = record.Outputs[0];
        var kind = (ReduceKind)record.Int(ReduceRule.Kind);
        ValueRange range = context.Range(x);
        context.CloseMethod();
        if (kind is ReduceKind.Max or ReduceKind.Min)
        {
            Open(context, record, out PlaceLoops extremes, out ArrayPlace of, out ArrayPlace result, "int", kind == ReduceKind.Max ? "int.MinValue" : "int.MaxValue", () => { }, out Action end);
            context.Add($"{context.Declare("int", "v")}v = {of.Name}[p];", 5, 10);
            context.Add($"t = v {(kind == ReduceKind.Max ? '>' : '<')} t ? v : t;", 6, 10);
            end();
            context.Store($"{result.Name}[to]", y.Type, "t", 2, 6);
            extremes.Close();
            context.CloseMethod();
            context.SetRange(y, range);
            return;
        }

        long count = x.Elements / y.Elements;
        (long low, long high) = (count * range.Low, count * range.High);
        var lane = new Lane(0, 0, 64 - BitOperations.LeadingZeroCount((ulong)(high - low)), low, high);
        ValueRange limits = EmitContext.Limits(y.Type);
        var scaling = new UnitScaling([lane], [-(x.ZeroPoint * count)], [record.Int(ReduceRule.Multiplier)], [(sbyte)record.Int(ReduceRule.Shift)])
        {
            Output = y.Type,
            ZeroPoint = y.ZeroPoint,
            Min = limits.Low,
            Max = limits.High,
        };
        var finish = new ArrayFinish(context, Literal.Of(y.Index), scaling, [0]);
        finish.Load("0");
        Open(context, record, out PlaceLoops loops, out ArrayPlace from, out ArrayPlace to, "long", Literal.Of(-low), () => { }, out Action close);
        context.Add($"t += {from.Name}[p];", 6, 12);
        close();
        finish.Emit("t", "0", $"{to.Name}[to]");
        loops.Close();
        context.CloseMethod();
    }

    internal static void Float32(EmitContext context, OperatorRecord record)
    {
        if (!context.HasArrays())
        {
            return;
        }

        TensorInfo y = record.Outputs[0];
        var kind = (ReduceKind)record.Int(ReduceRule.Kind);
        float count = record.Inputs[0].Elements / y.Elements;
        bool isExtreme = kind is ReduceKind.Max or ReduceKind.Min;
        context.CloseMethod();
        Open(
            context,
            record,
            out PlaceLoops loops,
            out ArrayPlace from,
            out ArrayPlace to,
            "float",
            kind == ReduceKind.Max ? "float.NegativeInfinity" : kind == ReduceKind.Min ? "float.PositiveInfinity" : "0f",
            () =>
            {
                if (!isExtreme)
                {
                    context.Add($"{context.Declare("float", "lost")}lost = 0f;", 2, 6);
                }
            },
            out Action close);
        context.Add($"{context.Declare("float", "v")}v = {from.Name}[p];", 5, 10);
        if (isExtreme)
        {
            context.ComparesItself = true;
            context.Add($"t = (0f < {(kind == ReduceKind.Max ? "v - t" : "t - v")} && t == t) || v != v ? v : t;", 12, 28);
        }
        else
        {
            Add(context, kind, count);
        }

        close();

        // The engine adds what was lost to extremes too, which is 0: −0 becomes 0.
        string sum = isExtreme ? "t + 0f" : "(lost - lost == 0f ? t + lost : t)";
        context.Store($"{to.Name}[to]", TensorType.Float32, kind == ReduceKind.Mean ? $"{sum} / {Literal.Of(count)}" : sum, 12, 30);
        loops.Close();
        context.CloseMethod();
    }

    // Sums carry along what their additions lose.
    private static void Add(EmitContext context, ReduceKind kind, float count)
    {
        if (kind == ReduceKind.SumSquare)
        {
            context.Add("v *= v;", 4, 5);
        }
        else if (kind == ReduceKind.L1)
        {
            context.Add("v = v < 0f ? -v : v;", 7, 16);
        }

        context.Add($"{context.Declare("float", "after")}after = t + v;", 4, 8);
        context.Add($"{context.Declare("float", "gain")}gain = after - t;", 4, 8);
        context.Add("lost += (t - (after - gain)) + (v - gain);", 10, 16);
        context.Add("t = after;", 2, 4);
        if (FloatSums.Large < count)
        {
            context.Add($"{context.Declare("float", "both")}both = after + lost;", 4, 8);
            context.BeginLoop("if (both - both == 0f)", 1, 5, 12);
            context.Add("t = both;", 2, 4);
            context.Add("lost -= both - after;", 6, 10);
            context.EndLoop();
        }
    }

    private static void Open(EmitContext context, OperatorRecord record, out PlaceLoops loops, out ArrayPlace from, out ArrayPlace to, string type, string initial, Action begin, out Action close)
    {
        TensorInfo x = record.Inputs[0];
        int axes = record.Int(ReduceRule.Axes);
        var kept = new List<PlaceLevel>();
        var reduced = new List<PlaceLevel>();
        int step = x.Elements;
        for (int axis = 0; axis < x.Rank; axis++)
        {
            step /= x.Dimension(axis);
            ((axes & (1 << axis)) == 0 ? kept : reduced).Add(new PlaceLevel(x.Dimension(axis), step));
        }

        from = context.Source(x);
        to = context.Target(record.Outputs[0]);
        context.Comment($"Reduce of {x.Elements} to {record.Outputs[0].Elements}");
        loops = PlaceLoops.Open(context, kept, Literal.Of(from.Offset), Literal.Of(to.Offset), 1);
        context.Add($"{context.Declare(type, "t")}t = {initial};", 2, 10);
        begin();
        List<PlaceLevel> levels = PlaceLoops.Merged(reduced);
        context.Add($"{context.Declare("int", "p")}p = at;", 2, 4);
        for (int i = 0; i < levels.Count; i++)
        {
            context.BeginLoop($"for (int m{i} = 0; m{i} < {levels[i].Trips}; m{i}++)", levels[i].Trips);
        }

        close = () =>
        {
            for (int i = levels.Count - 1; i >= 0; i--)
            {
                int back = i == levels.Count - 1 ? 0 : levels[i + 1].Trips * levels[i + 1].Step;
                context.Add($"p += {levels[i].Step - back};", 4, 8);
                context.EndLoop();
            }
        };
    }
}
