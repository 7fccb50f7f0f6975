using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Emit.Operators;

/// <summary>
/// Conv, and Dense of many rows: loops over the places of the output around the code of one place, whose weights are constants, or lie in
/// arrays where the code would not fit (<see cref="PackedRows"/>).
/// </summary>
internal static class ConvEmitter
{
    internal const int FixedTermBytes = 13;
    internal const int FloatTermBytes = 9;
    private const int FloatUnitBytes = 90;

    internal static void Conv(EmitContext context, OperatorRecord record)
    {
        if (!context.HasArrays())
        {
            return;
        }

        var shape = ConvShape.Of(record);
        string fill = record.Inputs[0].Type == TensorType.Float32 ? "0f" : Literal.Of(record.Inputs[0].ZeroPoint);
        Func<ArrayPlace> image = PaddedImage.Emit(context, record.Inputs[0], shape, fill);
        if (DepthwiseEmitter.Fits(shape))
        {
            DepthwiseEmitter.Emit(context, record, shape, image);
            return;
        }

        Rows(context, record, shape, image);
    }

    /// <summary>Writes a Dense as rows where tensors live in arrays and it has several, or weights that are not in the code.</summary>
    internal static bool TryRows(EmitContext context, OperatorRecord record)
    {
        // Weights of 16 bits have halves.
        if (!context.Loops(int.MaxValue) || record.Inputs[1].Rank == 3)
        {
            return false;
        }

        var shape = ConvShape.Of(record);
        if (shape.Places == 1 && !IsPacked(context, record, shape))
        {
            return false;
        }

        Rows(context, record, shape, () => context.Source(record.Inputs[0]));
        return true;
    }

    /// <summary>What an element of a window can be: of the input, or of what lies around it.</summary>
    internal static ValueRange Range(EmitContext context, OperatorRecord record, ConvShape shape)
    {
        ValueRange range = context.Range(record.Inputs[0]);
        int zero = record.Inputs[0].ZeroPoint;
        return shape.ReachesOutside ? new ValueRange(Math.Min(range.Low, zero), Math.Max(range.High, zero)) : range;
    }

    /// <summary>The lanes of all units, whose weights begin at unit · patch.</summary>
    internal static List<List<LaneGroup>> Lanes(int[] weights, ConvShape shape, ValueRange range)
    {
        var all = new List<List<LaneGroup>>();
        for (int group = 0; group < shape.Groups; group++)
        {
            int first = group * shape.UnitsPerGroup;
            List<LaneGroup> groups = LanePlan.Make(weights.AsSpan(first * shape.Patch, shape.UnitsPerGroup * shape.Patch), shape.UnitsPerGroup, range);
            all.Add([.. groups.Select(lanes => lanes with { Lanes = [.. lanes.Lanes.Select(lane => lane with { Unit = lane.Unit + first })] })]);
        }

        return all;
    }

    /// <summary>From a sum of real numbers to an element.</summary>
    internal static void StoreFloat(EmitContext context, OperatorRecord record, string sum, string target, int instructions, int size)
    {
        var kind = (ActivationKind)record.Int(DenseRule.Activation);
        if (kind == ActivationKind.Linear)
        {
            context.Store(target, TensorType.Float32, sum, instructions, size);
            return;
        }

        context.Add($"{context.Declare("float", "f")}f = {sum};", instructions + 1, size + 3);
        (string code, int cost) = ActivationCode.Of(context, kind, "f", record.Float(DenseRule.Alpha), record.Float(DenseRule.Beta));
        context.Store(target, TensorType.Float32, code, cost, 40);
    }

    private static bool IsPacked(EmitContext context, OperatorRecord record, ConvShape shape)
    {
        bool isReal = record.Inputs[0].Type == TensorType.Float32;
        long weights = (long)shape.Units * shape.Patch;
        int lanes = record.Inputs[0].Type switch { TensorType.Float32 => 1, TensorType.Int8 => 3, _ => 2 };
        bool isHuge = (long)shape.Patch * FixedTermBytes > RowCode.MaxBodyBytes / 2 && shape.Places > 1;
        return context.IsPacked(record, weights * (isReal ? FloatTermBytes : FixedTermBytes) / lanes, weights * shape.Places) || isHuge;
    }

    private static void Rows(EmitContext context, OperatorRecord record, ConvShape shape, Func<ArrayPlace> image)
    {
        bool isReal = record.Inputs[0].Type == TensorType.Float32;
        context.CloseMethod();
        if (IsPacked(context, record, shape))
        {
            new PackedRows(context, record, shape).Emit(image);
        }
        else if (isReal)
        {
            RealRows(context, record, shape, image);
        }
        else
        {
            FixedRows(context, record, shape, image);
        }

        context.CloseMethod();
    }

    private static void FixedRows(EmitContext context, OperatorRecord record, ConvShape shape, Func<ArrayPlace> image)
    {
        int[] weights = LayerWeights.Integers(context, record.Inputs[1]);
        List<List<LaneGroup>> lanes = Lanes(weights, shape, Range(context, record, shape));
        List<LaneGroup> all = [.. lanes.SelectMany(groups => groups)];
        var finish = new DenseFinish(context, UnitScaling.Of(context, record, []), all, record.Outputs[0].Index);
        string type = EmitContext.ElementType(record.Outputs[0].Type);
        var items = new List<RowItem>();
        for (int group = 0; group < shape.Groups; group++)
        {
            foreach (LaneGroup sums in lanes[group])
            {
                items.Add(new RowItem(
                    group,
                    (shape.Patch * FixedTermBytes) + (sums.Lanes.Count * (DenseFinish.UnitBytes + 12)) + 20,
                    k => LanePlan.Constant(sums, weights, shape.Patch, k) is var constant && constant == 0 ? null : Literal.Of(constant),
                    Literal.Of(sums.Initial),
                    (sum, size, count, y) =>
                    {
                        context.Add($"{context.Declare("long", "s")}s = {sum};", (count * RowCode.TermInstructions) + 2, size + 6);
                        finish.Emit(sums, (unit, code, instructions, bytes, isNarrow) => context.Store($"{y}[to + {unit}]", record.Outputs[0].Type, code, instructions + 2, bytes, isNarrow));
                    }));
            }
        }

        Emit(context, record, shape, image, items, "long", FixedTermBytes);
        context.SetRange(record.Outputs[0], finish.Range);
    }

    private static void RealRows(EmitContext context, OperatorRecord record, ConvShape shape, Func<ArrayPlace> image)
    {
        float[] weights = context.Data<float>(record.Inputs[1]).ToArray();
        float[] bias = record.HasInput(2) ? context.Data<float>(record.Inputs[2]).ToArray() : new float[shape.Units];
        var items = new List<RowItem>();
        for (int i = 0; i < shape.Units; i++)
        {
            int unit = i;
            items.Add(new RowItem(
                unit / shape.UnitsPerGroup,
                (shape.Patch * FloatTermBytes) + FloatUnitBytes,
                k => Literal.Of(weights[(unit * shape.Patch) + k]),
                Literal.Of(bias[unit]),
                (sum, size, count, y) => StoreFloat(context, record, sum, $"{y}[to + {unit}]", (count * RowCode.TermInstructions) + 3, size + 12)));
        }

        Emit(context, record, shape, image, items, "float", FloatTermBytes);
    }

    // Sums side by side in methods as large as can be; each method goes over all places.
    private static void Emit(EmitContext context, OperatorRecord record, ConvShape shape, Func<ArrayPlace> image, List<RowItem> items, string type, int termBytes)
    {
        foreach (List<RowItem> chunk in RowCode.Chunks(items, shape.Patch))
        {
            context.CloseMethod();
            ArrayPlace from = image();
            ArrayPlace to = context.Target(record.Outputs[0]);
            context.Comment($"{record.Info.Name} {shape.Patch} to {shape.Units} at {shape.Places} places");
            PlaceLoops loops = PlaceLoops.Open(context, shape.Levels(), Literal.Of(from.Offset), Literal.Of(to.Offset), shape.Units);
            foreach (IGrouping<int, RowItem> run in chunk.GroupBy(item => item.Group))
            {
                RowCode.Emit(context, shape.Patch, k => shape.Offset(k) + (run.Key * shape.ChannelsPerGroup), [.. run], from.Name, to.Name, type, termBytes);
            }

            loops.Close();
        }
    }
}
