using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Emit.Operators;

/// <summary>MaxPool and AveragePool: loops over places and channels, the elements of a small window written out.</summary>
internal sealed class PoolEmitter
{
    private const int MostUnrolled = 16;

    private readonly EmitContext context;
    private readonly OperatorRecord record;
    private readonly ConvShape shape;
    private readonly bool isMax;
    private readonly bool isReal;
    private readonly string type;
    private readonly int[] counted;
    private readonly int[] added;

    private PoolEmitter(EmitContext context, OperatorRecord record)
    {
        this.context = context;
        this.record = record;
        isMax = record.Info.Opcode == Opcode.MaxPool;
        isReal = record.Inputs[0].Type == TensorType.Float32;
        type = isReal ? "float" : "int";
        shape = ConvShape.OfPool(record);
        var places = new List<(int Within, int Counted)>();
        for (int row = 0; row < shape.OutputHeight; row++)
        {
            for (int column = 0; column < shape.OutputWidth; column++)
            {
                (int rows, int rowsWithPads) = Within(record, 0, row);
                (int columns, int columnsWithPads) = Within(record, 1, column);
                int within = rows * columns;
                places.Add((within, record.Int(PoolRule.CountIncludePad) != 0 ? rowsWithPads * columnsWithPads : within));
            }
        }

        // An element of padding is the zero point, which stands for 0.
        counted = [.. places.Select(place => place.Counted)];
        added = [.. places.Select(place => isReal ? 0 : (place.Counted - place.Within) * record.Inputs[0].ZeroPoint)];
    }

    internal static void Emit(EmitContext context, OperatorRecord record)
    {
        if (context.HasArrays())
        {
            new PoolEmitter(context, record).Emit();
        }
    }

    // Elements of a window within the image along one axis, and within the image and its pads.
    private static (int Within, int WithinPads) Within(OperatorRecord record, int axis, int place)
    {
        int size = record.Inputs[0].Dimension(axis + 1);
        int end = size + record.Int(PoolRule.PadEnd + axis);
        int start = (place * record.Int(PoolRule.Stride + axis)) - record.Int(PoolRule.Pad + axis);
        int within = 0;
        int withPads = 0;
        for (int i = 0; i < record.Int(PoolRule.Kernel + axis); i++, start += record.Int(PoolRule.Dilation + axis))
        {
            within += start >= 0 && start < size ? 1 : 0;
            withPads += start < end ? 1 : 0;
        }

        return (within, withPads);
    }

    private void Emit()
    {
        ValueRange range = isReal ? default : Range();
        string fill = !isMax ? isReal ? "0f" : "0"
            : isReal ? "float.NegativeInfinity"
            : Literal.Of(EmitContext.Limits(record.Inputs[0].Type).Low);
        Func<ArrayPlace> image = PaddedImage.Emit(context, record.Inputs[0], shape, fill);
        context.CloseMethod();
        ArrayPlace from = image();
        ArrayPlace to = context.Target(record.Outputs[0]);
        context.Comment($"{record.Info.Name} over {shape.KernelHeight} by {shape.KernelWidth} at {shape.Places} places");
        bool varies = !isMax && (counted.Distinct().Count() > 1 || added.Distinct().Count() > 1);
        IReadOnlyList<PlaceLevel> levels = shape.Levels();
        if (varies)
        {
            context.Add($"{context.Declare("int", "place")}place = 0;", 2, 4);
            PlaceLoops places = PlaceLoops.Open(context, levels, Literal.Of(from.Offset), Literal.Of(to.Offset), 0);
            string counts = context.Local("int", context.Table<int>($"Counted{record.Outputs[0].Index}", "int", counted));
            string pads = context.Local("int", context.Table<int>($"Added{record.Outputs[0].Index}", "int", added));
            context.Add($"{context.Declare("int", "counted")}counted = {counts}[place];", 4, 8);
            context.Add($"{context.Declare("int", "added")}added = {pads}[place];", 4, 8);
            context.Add($"place = place == {counted.Length - 1} ? 0 : place + 1;", 7, 16);
            context.BeginLoop($"for (int last = at + {shape.Channels}; at < last; at++)", shape.Channels);
            Window(from.Name, to.Name, range, "counted", "added");
            context.Add("to++;", 4, 5);
            context.EndLoop();
            context.Add($"at -= {shape.Channels};", 4, 8);
            places.Close();
        }
        else
        {
            PlaceLoops places = PlaceLoops.Open(context, [.. levels, new PlaceLevel(shape.Channels, 1)], Literal.Of(from.Offset), Literal.Of(to.Offset), 1);
            Window(from.Name, to.Name, range, isMax ? "" : Literal.Of(counted[0]), isMax ? "" : Literal.Of(added[0]));
            places.Close();
        }

        context.CloseMethod();
        if (!isReal)
        {
            context.SetRange(record.Outputs[0], new ValueRange(Math.Clamp(range.Low, Low, High), Math.Clamp(range.High, Low, High)));
        }
    }

    private int Low => record.Int(PoolRule.Min);

    private int High => record.Int(PoolRule.Min + 1);

    // What a result can be before the clamp.
    private ValueRange Range()
    {
        ValueRange range = context.Range(record.Inputs[0]);
        int outside = isMax ? EmitContext.Limits(record.Inputs[0].Type).Low : record.Inputs[0].ZeroPoint;
        return shape.ReachesOutside ? new ValueRange(Math.Min(range.Low, outside), Math.Max(range.High, outside)) : range;
    }

    private void Window(string from, string to, ValueRange range, string divisor, string pads)
    {
        Collect(from);
        string target = $"{to}[to]";
        if (isReal)
        {
            bool hasNone = !isMax && counted.Contains(0);
            string mean = $"t / {divisor}{(char.IsAsciiDigit(divisor.FirstOrDefault()) ? "f" : "")}";
            context.Store(target, TensorType.Float32, isMax ? "t" : hasNone ? $"{divisor} == 0 ? t : {mean}" : mean, 5, 16);
            return;
        }

        if (!isMax)
        {
            if (pads != "0")
            {
                context.Add($"t += {pads};", 4, 8);
            }

            string half = char.IsAsciiDigit(divisor[0]) ? Literal.Of(counted[0] / 2) : $"({divisor} / 2)";
            string mean = $"(t > 0 ? t + {half} : t - {half}) / {divisor}";
            context.Add(counted.Contains(0) ? $"t = {divisor} == 0 ? {record.Inputs[0].ZeroPoint} : {mean};" : $"t = {mean};", 14, 40);
        }

        if (range.Low < Low)
        {
            context.Add($"t = t < {Low} ? {Low} : t;", 6, 20);
        }

        if (range.High > High)
        {
            context.Add($"t = t > {High} ? {High} : t;", 6, 20);
        }

        context.Store(target, record.Outputs[0].Type, "t", 2, 6);
    }

    // The largest element or the sum of a window.
    private void Collect(string x)
    {
        string t = $"{context.Declare(type, "t")}t";
        int line = shape.DilationHeight * shape.ReachedWidth * shape.Channels;
        int step = shape.DilationWidth * shape.Channels;
        bool hasParts = isReal && !isMax && shape.Taps > FloatSums.Part;
        if (shape.Taps <= MostUnrolled)
        {
            Take(x, t, isMax ? "" : isReal ? "0f" : "", "at", [.. Enumerable.Range(0, shape.Taps).Select(tap => ((tap / shape.KernelWidth) * line) + ((tap % shape.KernelWidth) * step))]);
            return;
        }

        context.Add($"{t} = {(!isMax ? isReal ? "0f" : "0" : isReal ? "float.NegativeInfinity" : "int.MinValue")};", 2, 6);
        if (hasParts)
        {
            context.Add($"{context.Declare("int", "room")}room = {FloatSums.Part};", 2, 6);
            context.Add($"{context.Declare("float", "total")}total = 0f;", 2, 6);
            context.Add($"{context.Declare("float", "lost")}lost = 0f;", 2, 6);
        }

        context.Add($"{context.Declare("int", "p")}p = at;", 2, 4);
        context.BeginLoop($"for (int i = 0; i < {shape.KernelHeight}; i++)", shape.KernelHeight);
        if (shape.KernelWidth <= MostUnrolled && !hasParts)
        {
            Take(x, "t", "t", "p", [.. Enumerable.Range(0, shape.KernelWidth).Select(tap => tap * step)]);
        }
        else
        {
            context.Add($"{context.Declare("int", "e")}e = p;", 2, 4);
            context.BeginLoop($"for (int j = 0; j < {shape.KernelWidth}; j++)", shape.KernelWidth);
            if (hasParts)
            {
                context.BeginLoop("if (room == 0)", 1, 3, 5);
                EndPart();
                context.Add($"room = {FloatSums.Part};", 0, 6);
                context.EndLoop();
                context.Add("room--;", 4, 5);
            }

            Take(x, "t", "t", "e", [0]);
            context.Add($"e += {step};", 4, 8);
            context.EndLoop();
        }

        context.Add($"p += {line};", 4, 8);
        context.EndLoop();
        if (hasParts)
        {
            EndPart();
            context.Add("t = lost - lost == 0f ? total + lost : total;", 8, 18);
        }
    }

    // Adds elements to t, or takes the largest; begin is what t has before, or empty.
    private void Take(string x, string t, string begin, string at, int[] offsets)
    {
        List<string> elements = [.. offsets.Select(offset => $"{x}[{at}{(offset == 0 ? "" : $" + {offset}")}]")];
        if (!isMax)
        {
            context.Add($"{t} = {string.Join(" + ", begin.Length > 0 ? elements.Prepend(begin) : elements)};", 2 + (6 * elements.Count), 6 + (12 * elements.Count));
            return;
        }

        if (isReal && begin.Length == 0)
        {
            // Beyond the first element a NaN stays, as it does from minus infinity on.
            begin = elements[0];
            elements.RemoveAt(0);
            context.Add($"{t} = {begin};", 6, 16);
        }
        else if (begin.Length == 0)
        {
            context.Add($"{t} = {elements[0]};", 6, 16);
            elements.RemoveAt(0);
        }

        foreach (string element in elements)
        {
            context.Add($"{context.Declare(type, "v")}v = {element};", 6, 14);
            if (isReal)
            {
                context.ComparesItself = true;
            }

            context.Add(isReal ? "t = (0f < v - t && t == t) || v != v ? v : t;" : "t = v > t ? v : t;", isReal ? 9 : 6, isReal ? 26 : 10);
        }
    }

    private void EndPart()
    {
        context.Add($"{context.Declare("float", "after")}after = total + t;", 4, 8);
        context.Add($"{context.Declare("float", "gain")}gain = after - total;", 4, 8);
        context.Add("lost += (total - (after - gain)) + (t - gain);", 10, 16);
        context.Add("total = after;", 2, 4);
        context.Add("t = 0f;", 2, 6);
    }
}
