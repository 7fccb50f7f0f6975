using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Emit.Operators;

/// <summary>
/// Conv with one channel in each group: one channel after the other, its weights in locals, and the places of a line of the output
/// written out, so that each element is loaded once for all windows of the line that it is in.
/// </summary>
internal static class DepthwiseEmitter
{
    private const int MostWeights = 50;
    private const int MostElements = 120;
    private const int MaxBodyBytes = 20_000;
    private const int LoadBytes = 14;
    private const int LoadInstructions = 6;
    private const int TermBytes = 6;
    private const int TermInstructions = 4;

    /// <summary>Whether a window's weights and elements are few enough to be locals.</summary>
    internal static bool Fits(ConvShape shape) => shape.Groups > 1 && shape.ChannelsPerGroup == 1 && shape.Taps <= MostWeights;

    internal static void Emit(EmitContext context, OperatorRecord record, ConvShape shape, Func<ArrayPlace> image)
    {
        TensorType input = record.Inputs[0].Type;
        string type = input switch { TensorType.Float32 => "float", TensorType.Int8 => "int", _ => "long" };
        ArrayFinish? finish = null;
        string begin;
        context.CloseMethod();
        if (input == TensorType.Float32)
        {
            float[] bias = record.HasInput(2) ? context.Data<float>(record.Inputs[2]).ToArray() : new float[shape.Units];
            begin = context.Local("float", context.Floats($"Begin{record.Outputs[0].Index}", bias));
        }
        else
        {
            int[] weights = LayerWeights.Integers(context, record.Inputs[1]);
            List<Lane> lanes = [.. ConvEmitter.Lanes(weights, shape, ConvEmitter.Range(context, record, shape)).SelectMany(groups => groups).SelectMany(group => group.Lanes)];
            UnitScaling scaling = UnitScaling.Of(context, record, lanes);
            finish = new ArrayFinish(context, Literal.Of(record.Outputs[0].Index), scaling, [.. Enumerable.Range(0, shape.Units)]);
            begin = context.Local("int", context.Table<int>($"Begin{record.Outputs[0].Index}", "int", [.. lanes.Select(lane => (int)-lane.Low)]));
            context.SetRange(record.Outputs[0], DenseFinish.Results(context, scaling));
        }

        ArrayPlace w = context.Source(record.Inputs[1]);
        ArrayPlace from = image();
        ArrayPlace to = context.Target(record.Outputs[0]);
        context.Comment($"{record.Info.Name} of {shape.Taps} for each of {shape.Units} channels at {shape.Places} places");
        context.Add($"{context.Declare("int", "k")}k = 0;", 2, 4);
        context.BeginLoop($"for (int unit = 0; unit < {shape.Units}; unit++)", shape.Units);
        for (int tap = 0; tap < shape.Taps; tap++)
        {
            context.Add($"{context.Declare(type, $"w{tap}")}w{tap} = {w.Name}[k{(tap == 0 ? "" : $" + {tap}")}];", 6, LoadBytes);
        }

        context.Add($"k += {shape.Taps};", 4, 8);
        context.Add($"{context.Declare(type, "begin")}begin = {begin}[unit];", 5, 10);
        finish?.Load("unit");
        int line = Line(shape);
        string channel = shape.UnitsPerGroup == 1 ? "unit" : $"(unit / {shape.UnitsPerGroup})";
        IReadOnlyList<PlaceLevel> levels = shape.Levels();
        PlaceLoops loops = PlaceLoops.Open(
            context,
            [levels[0], levels[1], new PlaceLevel(shape.OutputWidth / line, line * levels[2].Step)],
            from.Offset == 0 ? channel : $"{channel} + {from.Offset}",
            to.Offset == 0 ? "unit" : $"unit + {to.Offset}",
            line * shape.Units);
        Body(context, record, shape, (from.Name, to.Name), line, type, finish);
        loops.Close();
        context.EndLoop();
        context.CloseMethod();
    }

    private static void Body(EmitContext context, OperatorRecord record, ConvShape shape, (string From, string To) arrays, int line, string type, ArrayFinish? finish)
    {
        var loaded = new HashSet<(int Row, int Column)>();
        for (int place = 0; place < line; place++)
        {
            var terms = new List<string> { "begin" };
            for (int tap = 0; tap < shape.Taps; tap++)
            {
                (int row, int column) = (tap / shape.KernelWidth, (place * shape.StrideWidth) + ((tap % shape.KernelWidth) * shape.DilationWidth));
                string x = $"x{row}_{column}";
                if (loaded.Add((row, column)))
                {
                    int offset = ((row * shape.DilationHeight * shape.ReachedWidth) + column) * shape.Channels;
                    context.Add($"{context.Declare(type, x)}{x} = {arrays.From}[at{(offset == 0 ? "" : $" + {offset}")}];", LoadInstructions, LoadBytes);
                }

                terms.Add($"({x} * w{tap})");
            }

            string target = $"{arrays.To}[to{(place == 0 ? "" : $" + {place * shape.Units}")}]";
            string sum = DenseFixedPointEmitter.Wrapped(terms, context.Indent);
            int instructions = (shape.Taps * TermInstructions) + 2;
            int bytes = (shape.Taps * TermBytes) + 4;
            if (finish is null)
            {
                ConvEmitter.StoreFloat(context, record, sum, target, instructions, bytes);
                continue;
            }

            context.Add($"{context.Declare(type, "s")}s = {sum};", instructions, bytes);
            finish.Emit("s", "unit", target);
        }
    }

    // Places of a line that are written out: a divisor of them whose elements are not too many.
    private static int Line(ConvShape shape)
    {
        for (int line = shape.OutputWidth; line > 1; line--)
        {
            int elements = Enumerable.Range(0, line).SelectMany(place => Enumerable.Range(0, shape.KernelWidth).Select(tap => (place * shape.StrideWidth) + (tap * shape.DilationWidth))).Distinct().Count() * shape.KernelHeight;
            int bytes = (elements * LoadBytes) + (line * ((shape.Taps * TermBytes) + ArrayFinish.UnitBytes));
            if (shape.OutputWidth % line == 0 && elements <= MostElements && bytes <= MaxBodyBytes)
            {
                return line;
            }
        }

        return 1;
    }
}
