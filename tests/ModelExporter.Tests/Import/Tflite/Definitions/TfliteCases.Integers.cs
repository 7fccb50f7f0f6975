using EdgeInference.ModelConverter.Import.Tflite;

namespace EdgeInference.Tool.Tests.Import.Tflite.Definitions;

/// <content>int16 layers, and integers where float32 is the rule.</content>
internal static partial class TfliteCases
{
    // Σ x · w + b in 64 bits, no zero points; biases as int64, int32 or left out.
    private static IEnumerable<TfliteCase> Layers16()
    {
        foreach ((int groups, int padding, int[] kernel, int[] stride, int[] dilation, int activation, int bias, bool each) in new[]
        {
            (1, Same, new[] { 3, 2 }, new[] { 2, 1 }, new[] { 1, 1 }, 0, 64, true), (2, Valid, [2, 3], [1, 2], [1, 1], 1, 32, false), (4, Same, [2, 2], [1, 1], [1, 3], 3, 64, true),
            (2, Same, [3, 1], [1, 1], [2, 1], 2, 0, true), (2, Valid, [1, 1], [1, 1], [1, 1], 0, -1, false), (1, Valid, [1, 1], [2, 3], [1, 1], 1, 64, false),
            (0, Same, [3, 2], [2, 1], [1, 1], 0, 64, true), (0, Valid, [2, 3], [1, 2], [1, 1], 3, 32, true), (0, Same, [2, 2], [1, 1], [3, 1], 2, 0, false), (0, Same, [1, 4], [1, 3], [1, 1], 1, 64, true),
        })
        {
            bool depthwise = groups == 0;
            int[] x = [2, 6, 7, 4];
            int units = 8;
            int depth = depthwise ? 1 : x[3] / groups;
            int[] w = depthwise ? [1, kernel[0], kernel[1], units] : [units, kernel[0], kernel[1], depth];
            int[] y = Output(x, kernel, stride, dilation, padding, units);
            sbyte[] weights = TfliteCase.Draw8(7, Places.Count(w));
            float[] scales = each ? [.. Enumerable.Range(1, units).Select(i => 0.0011f * i)] : [0.0037f];
            long[] biases = [.. Enumerable.Range(0, units).Select(i => (i * 177_771L) - 600_000)];
            const float InScale = 0.000213f;
            const float OutScale = 0.00072f;
            TfliteOperatorCode code = depthwise ? TfliteOperatorCode.DEPTHWISE_CONV_2D : TfliteOperatorCode.CONV_2D;
            int shifted = depthwise ? 1 : 0;
            List<(int, object)> options = [(0, (byte)padding), (1, stride[1]), (2, stride[0]), (3 + shifted, (byte)activation), (4 + shifted, dilation[1]), (5 + shifted, dilation[0])];
            if (depthwise)
            {
                options.Add((3, units / x[3]));
            }

            double Weight(params int[] at) => Places.At(Array.ConvertAll(weights, value => (double)value), w, at);
            yield return new(code, $"int16, {groups} groups, {padding}, {kernel[0]} x {kernel[1]}, strides {stride[0]} and {stride[1]}, dilations {dilation[0]} and {dilation[1]}, activation {activation}, bias {bias}, {scales.Length} scales",
                model =>
                {
                    List<int> inputs = [model.Input(TfliteType.Int16, x, InScale), model.Constant(w, weights, scales, depthwise ? 3 : 0)];
                    AddBias(inputs, bias, () => bias == 64 ? model.Constant([units], biases) : TfliteCase.Int32(model, Array.ConvertAll(biases, value => (int)value)));
                    model.Operator(code, [.. inputs], [model.Output(TfliteType.Int16, y, OutScale)], depthwise ? 2 : 1, [.. options]);
                },
                inputs => Convolve(inputs[0], x, y, kernel, stride, dilation, padding, (at, r, c, i, j) => depthwise
                    ? Places.At(inputs[0], x, at[0], r, c, at[3] / (units / x[3])) * Weight(0, i, j, at[3])
                    : Enumerable.Range(0, depth).Sum(k => Places.At(inputs[0], x, at[0], r, c, (at[3] / (units / groups) * depth) + k) * Weight(at[3], i, j, k)))
                    .Select((sum, i) => Places.ClampWide(activation, Places.MultiplyWide((long)sum + (bias > 0 ? biases[i % units] : 0), (double)InScale * scales[each ? i % units : 0] / OutScale), OutScale)));
        }
    }

    private static IEnumerable<TfliteCase> Integers()
    {
        const TfliteType Real = TfliteType.Float32;
        const TfliteType Wide = TfliteType.Int16;
        const TfliteType Small = TfliteType.Int8;
        foreach ((int padding, int[] kernel, int[] stride, int activation, int bias, bool each) in new[] { (Same, new[] { 3, 2 }, new[] { 2, 1 }, 1, 1, true), (Valid, [3, 4], [1, 2], 3, 0, false), (Same, [2, 2], [1, 3], 2, 1, true), (Valid, [2, 3], [2, 2], 0, -1, true) })
        {
            int[] x = [1, 4, 5, 3];
            int[] w = [2, kernel[0], kernel[1], 3];
            int[] y = [1, .. Enumerable.Range(0, 2).Select(axis => padding == Same ? x[1 + axis] * stride[axis] : ((x[1 + axis] - 1) * stride[axis]) + kernel[axis]), 2];
            sbyte[] weights = TfliteCase.Draw8(11, Places.Count(w));
            float[] scales = each ? [0.0031f, 0.0057f] : [0.0042f];
            int[] biases = [700, -900];
            yield return new(TfliteOperatorCode.TRANSPOSE_CONV, $"int8, {padding}, {kernel[0]} x {kernel[1]}, strides {stride[0]} and {stride[1]}, activation {activation}, bias {bias}",
                model =>
                {
                    List<int> inputs = [TfliteCase.Int32(model, y), model.Constant(w, weights, scales), model.Input(Small, x, 0.0243f, -13)];
                    AddBias(inputs, bias, () => TfliteCase.Int32(model, biases));
                    model.Operator(TfliteOperatorCode.TRANSPOSE_CONV, [.. inputs], [model.Output(Small, y, 0.0391f, 9)], 49, (0, (byte)padding), (1, stride[1]), (2, stride[0]), (3, (byte)activation));
                },
                inputs =>
                {
                    var sums = new int[Places.Count(y)];
                    foreach (int[] at in Places.All(x))
                    {
                        foreach (int[] k in Places.All(w).Where(k => k[3] == at[3]))
                        {
                            int row = (at[1] * stride[0]) + k[1] - Places.Before(y[1], kernel[0], stride[0], 1, padding == Same);
                            int column = (at[2] * stride[1]) + k[2] - Places.Before(y[2], kernel[1], stride[1], 1, padding == Same);
                            if (row >= 0 && row < y[1] && column >= 0 && column < y[2])
                            {
                                sums[(((row * y[2]) + column) * 2) + k[0]] += ((int)Places.At(inputs[0], x, at) + 13) * (int)Places.At(Array.ConvertAll(weights, value => (double)value), w, k);
                            }
                        }
                    }

                    return sums.Select((sum, i) => (double)Places.Clamp(activation, 9 + Places.Multiply(sum + (bias > 0 ? biases[i % 2] : 0), (double)0.0243f * scales[each ? i % 2 : 0] / 0.0391f), 0.0391f, 9));
                });
        }

        // The first inference: only the newest step is not zero.
        foreach ((int activation, int rank, int bias) in new[] { (0, 2, 1), (1, 1, 0), (2, 3, 1), (3, 2, -1), (4, 1, 1) })
        {
            const int Filters = 6;
            const int Steps = 3;
            int units = Filters / rank;
            float[] features = TfliteCase.Draw(21, Filters * 4);
            float[] time = TfliteCase.Draw(22, Filters * Steps);
            float[] biases = TfliteCase.Draw(23, units);
            yield return new(TfliteOperatorCode.SVDF, $"activation {activation}, rank {rank}, bias {bias}",
                model => model.Operator(
                    TfliteOperatorCode.SVDF,
                    [model.Input(Real, [2, 4]), model.Constant([Filters, 4], features), model.Constant([Filters, Steps], time), bias > 0 ? model.Constant([units], biases) : -1, model.Variable(Real, [2, Filters * Steps])],
                    [model.Output(Real, [2, units])],
                    6,
                    activation == 0 ? [(0, rank)] : [(0, rank), (1, (byte)activation)]),
                inputs => Enumerable.Range(0, 2 * units).Select(i => Places.Activate(activation, (bias > 0 ? biases[i % units] : 0) + Enumerable.Range(i % units * rank, rank).Sum(filter =>
                    time[(filter * Steps) + Steps - 1] * Enumerable.Range(0, 4).Sum(k => (double)features[(filter * 4) + k] * inputs[0][(i / units * 4) + k])))));
        }

        foreach (int bias in new[] { 1, -1 })
        {
            sbyte[] features = TfliteCase.Draw8(24, 8);
            sbyte[] time = TfliteCase.Draw8(25, 4);
            yield return new(TfliteOperatorCode.SVDF, $"int8, bias {bias}",
                model => model.Operator(
                    TfliteOperatorCode.SVDF,
                    [model.Input(Small, [1, 4], 0.04f, 5), model.Constant([2, 4], features, [0.01f]), model.Constant([2, 2], time, [0.01f]), bias > 0 ? TfliteCase.Int32(model, 900, -4000) : -1, model.Variable(Small, [1, 4], 0.03f)],
                    [model.Output(Small, [1, 2], 0.031f, -13)],
                    6,
                    (0, 1)),
                inputs => Enumerable.Range(0, 2).Select(filter =>
                {
                    int newest = Math.Clamp(Places.Multiply(Enumerable.Range(0, 4).Sum(k => ((int)inputs[0][k] - 5) * features[(filter * 4) + k]), 0.04f * 0.01f / 0.03f), -128, 127);
                    return (double)Math.Clamp(Places.Multiply((newest * time[(filter * 2) + 1]) + (bias > 0 ? new[] { 900, -4000 }[filter] : 0), 0.03f * 0.01f / 0.031f) - 13, -128, 127);
                }));
        }

        yield return new(TfliteOperatorCode.MUL, "a constant that the file keeps as int8",
            model => model.Operator(TfliteOperatorCode.MUL, [model.Input(Real, [2, 3]), model.Constant([3], new sbyte[] { 10, -20, 127 }, [0.25f], 0, 3)], [model.Output(Real, [2, 3])], 21),
            inputs => inputs[0].Select((x, i) => x * 0.25 * (new[] { 10, -20, 127 }[i % 3] - 3)));
        yield return new(TfliteOperatorCode.SUB, "a constant that the file keeps as float16",
            model => model.Operator(TfliteOperatorCode.SUB, [model.Constant(TfliteType.Float16, [3], [.. new[] { 0.5, -2, 7 }.SelectMany(value => BitConverter.GetBytes((Half)value))]), model.Input(Real, [2, 3])], [model.Output(Real, [2, 3])], 28),
            inputs => inputs[0].Select((x, i) => new[] { 0.5, -2, 7 }[i % 3] - x));
        foreach ((TfliteOperatorCode code, Func<double, double, double> join) in new (TfliteOperatorCode, Func<double, double, double>)[] { (TfliteOperatorCode.MAXIMUM, Math.Max), (TfliteOperatorCode.MINIMUM, Math.Min) })
        {
            yield return new(code, "int8, a constant first", model => model.Operator(code, [model.Constant([], new sbyte[] { -20 }, [0.05f], 0, 7), model.Input(Small, [2, 30], 0.05f, 7)], [model.Output(Small, [2, 30], 0.05f, 7)], 39), inputs => inputs[0].Select(x => join(x, -20)));
            yield return new(code, "int16, a constant", model => model.Operator(code, [model.Input(Wide, [2, 30], 0.05f), model.Raw(Wide, [], BitConverter.GetBytes((short)-4321), [0.05f], [0])], [model.Output(Wide, [2, 30], 0.05f)], 39), inputs => inputs[0].Select(x => join(x, -4321)));
            yield return new(code, "int8, a constant of more axes", model => model.Operator(code, [model.Input(Small, [30], 0.05f, 7), model.Constant([1, 1], new sbyte[] { 15 }, [0.05f], 0, 7)], [model.Output(Small, [1, 30], 0.05f, 7)], 39), inputs => inputs[0].Select(x => join(x, 15)));
            yield return new(code, "int8, constants of a column", model => model.Operator(code, [model.Constant([3, 1], new sbyte[] { -50, 0, 70 }, [0.05f], 0, 7), model.Input(Small, [20], 0.05f, 7)], [model.Output(Small, [3, 20], 0.05f, 7)], 39), inputs => Enumerable.Range(0, 60).Select(i => join(inputs[0][i % 20], new[] { -50, 0, 70 }[i / 20])));
        }

        foreach ((TfliteOperatorCode code, bool most) in new[] { (TfliteOperatorCode.ARG_MAX, true), (TfliteOperatorCode.ARG_MIN, false) })
        {
            yield return new(code, "int16", model => model.Operator(code, [model.Input(Wide, [3, 40], 0.001f, 5), TfliteCase.Int32(model, -1)], [model.Output(TfliteType.Int32, [3])], most ? 40 : 57), inputs => Enumerable.Range(0, 3).Select(row =>
            {
                double[] line = inputs[0][(row * 40)..((row + 1) * 40)];
                return (double)Array.IndexOf(line, most ? line.Max() : line.Min());
            }));
        }

        yield return new(TfliteOperatorCode.PAD, "int16", model => model.Operator(TfliteOperatorCode.PAD, [model.Input(Wide, [3], 0.1f), model.Constant([1, 2], new[] { 1, 2 })], [model.Output(Wide, [6], 0.1f)], 22), inputs => [0, .. inputs[0], 0, 0]);
        yield return new(TfliteOperatorCode.PADV2, "int16, a number", model => model.Operator(TfliteOperatorCode.PADV2, [model.Input(Wide, [3], 0.1f), model.Constant([1, 2], new[] { 1, 2 }), model.Raw(Wide, [1], BitConverter.GetBytes((short)-1234), [0.1f], [0])], [model.Output(Wide, [6], 0.1f)], 60), inputs => [-1234, .. inputs[0], -1234, -1234]);
        yield return new(TfliteOperatorCode.FULLY_CONNECTED, "int8 weights without a zero point", model => model.Operator(TfliteOperatorCode.FULLY_CONNECTED, [model.Input(Real, [1, 3]), model.WithoutZeroPoint(Small, [2, 3], [1, 2, 3, 4, 5, 255], 0.5f)], [model.Output(Real, [1, 2])], 8),
            inputs => Enumerable.Range(0, 2).Select(unit => Enumerable.Range(0, 3).Sum(k => inputs[0][k] * 0.5 * new[] { 1, 2, 3, 4, 5, -1 }[(unit * 3) + k])));
        yield return new(TfliteOperatorCode.FULLY_CONNECTED, "int8 throughout without zero points", model => model.Operator(TfliteOperatorCode.FULLY_CONNECTED, [model.Raw(Small, [1, 3], null, [0.1f], []), model.WithoutZeroPoint(Small, [2, 3], [1, 2, 3, 4, 5, 255], 0.5f)], [model.Output(Small, [1, 2], 0.3f)], 8),
            inputs => Enumerable.Range(0, 2).Select(unit => (double)Places.Clamp(0, Places.Multiply((int)Enumerable.Range(0, 3).Sum(k => inputs[0][k] * new[] { 1, 2, 3, 4, 5, -1 }[(unit * 3) + k]), (double)(0.1f * 0.5f) / 0.3f), 0.3f, 0)));
    }
}
