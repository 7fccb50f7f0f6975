using EdgeInference.ModelConverter.Import.Tflite;

namespace EdgeInference.Tool.Tests.Import.Tflite.Definitions;

/// <summary>Models of one operator each, by the slots of the schema.</summary>
internal static partial class TfliteCases
{
    private const int Same = 0;
    private const int Valid = 1;

    internal static TfliteCase[] All { get; } = [.. Layers(), .. Layers8(), .. Pools(), .. Rows(), .. Elements(), .. Moves(), .. Resizes(), .. Stored(), .. Layers16(), .. Integers()];

    // The first names are those of the schema: padding, stride_w, stride_h, activation, dilation_w, dilation_h.
    private static IEnumerable<TfliteCase> Layers()
    {
        foreach ((int padding, int[] kernel, int[] stride, int[] dilation, int groups, int activation, int bias) in new[]
        {
            (Same, new[] { 3, 2 }, new[] { 2, 1 }, new[] { 1, 1 }, 1, 0, 1), (Valid, [3, 2], [1, 2], [1, 1], 1, 1, 1), (Same, [2, 3], [1, 1], [2, 1], 1, 2, 1),
            (Same, [2, 3], [1, 1], [1, 3], 1, 3, 1), (Valid, [2, 2], [2, 3], [1, 1], 2, 4, 0), (Same, [4, 4], [3, 2], [1, 1], 4, 0, -1), (Valid, [1, 1], [1, 1], [1, 1], 2, 0, 1),
        })
        {
            int[] x = [2, 7, 9, 4];
            const int Units = 4;
            int[] w = [Units, kernel[0], kernel[1], x[3] / groups];
            string name = $"{(padding == Same ? "same" : "valid")} {kernel[0]} x {kernel[1]}, strides {stride[0]} and {stride[1]}, dilations {dilation[0]} and {dilation[1]}, {groups} groups, activation {activation}, bias {bias}";
            List<(int, object)> options = [(1, stride[1]), (2, stride[0])];
            AddUnless(options, 0, (byte)padding, padding == Same);
            AddUnless(options, 3, (byte)activation, activation == 0);
            AddUnless(options, 4, dilation[1], dilation[1] == 1);
            AddUnless(options, 5, dilation[0], dilation[0] == 1);
            int[] y = Output(x, kernel, stride, dilation, padding, Units);
            yield return new(TfliteOperatorCode.CONV_2D, name, model => Layer(model, TfliteOperatorCode.CONV_2D, x, w, Units, bias, y, 1, options),
                inputs => Convolve(inputs[0], x, y, kernel, stride, dilation, padding, (at, r, c, i, j) =>
                    Enumerable.Range(0, w[3]).Sum(k => Places.At(inputs[0], x, at[0], r, c, (at[3] / (Units / groups) * w[3]) + k) * Places.At(Weights(w), w, at[3], i, j, k)))
                    .Select((sum, i) => Places.Activate(activation, sum + Bias(bias, i % Units))));

            // Depthwise has the multiplier before the activation.
            int[] single = [1, kernel[0], kernel[1], 2 * x[3]];
            int[] z = Output(x, kernel, stride, dilation, padding, single[3]);
            List<(int, object)> deep = [(1, stride[1]), (2, stride[0]), (3, 2)];
            AddUnless(deep, 0, (byte)padding, padding == Same);
            AddUnless(deep, 4, (byte)activation, activation == 0);
            AddUnless(deep, 5, dilation[1], dilation[1] == 1);
            AddUnless(deep, 6, dilation[0], dilation[0] == 1);
            yield return new(TfliteOperatorCode.DEPTHWISE_CONV_2D, name, model => Layer(model, TfliteOperatorCode.DEPTHWISE_CONV_2D, x, single, single[3], bias, z, 2, deep),
                inputs => Convolve(inputs[0], x, z, kernel, stride, dilation, padding, (at, r, c, i, j) => Places.At(inputs[0], x, at[0], r, c, at[3] / 2) * Places.At(Weights(single), single, 0, i, j, at[3]))
                    .Select((sum, i) => Places.Activate(activation, sum + Bias(bias, i % single[3]))));
        }

        foreach ((int padding, int[] kernel, int[] stride, int activation, int bias) in new[] { (Same, new[] { 3, 2 }, new[] { 2, 1 }, 0, 1), (Valid, [3, 4], [1, 2], 3, 0), (Same, [4, 3], [3, 2], 1, 1), (Valid, [2, 2], [2, 3], 2, 0) })
        {
            int[] x = [1, 4, 5, 3];
            int[] w = [2, kernel[0], kernel[1], 3];
            int[] y = [1, .. Enumerable.Range(0, 2).Select(axis => padding == Same ? x[1 + axis] * stride[axis] : ((x[1 + axis] - 1) * stride[axis]) + kernel[axis]), 2];
            List<(int, object)> options = [(1, stride[1]), (2, stride[0])];
            AddUnless(options, 0, (byte)padding, padding == Same);
            AddUnless(options, 3, (byte)activation, activation == 0);
            yield return new(TfliteOperatorCode.TRANSPOSE_CONV, $"{padding}, {kernel[0]} x {kernel[1]}, strides {stride[0]} and {stride[1]}, activation {activation}, bias {bias}",
                model =>
                {
                    List<int> inputs = [TfliteCase.Int32(model, y), model.Constant(w, TfliteCase.Draw(1, Places.Count(w))), model.Input(TfliteType.Float32, x)];
                    if (bias > 0)
                    {
                        inputs.Add(model.Constant([2], TfliteCase.Draw(2, 2)));
                    }

                    model.Operator(TfliteOperatorCode.TRANSPOSE_CONV, [.. inputs], [model.Output(TfliteType.Float32, y)], 49, [.. options]);
                },
                inputs =>
                {
                    var sums = new double[Places.Count(y)];
                    foreach (int[] at in Places.All(x))
                    {
                        foreach (int[] k in Places.All(w).Where(k => k[3] == at[3]))
                        {
                            int row = (at[1] * stride[0]) + k[1] - Places.Before(y[1], kernel[0], stride[0], 1, padding == Same);
                            int column = (at[2] * stride[1]) + k[2] - Places.Before(y[2], kernel[1], stride[1], 1, padding == Same);
                            if (row >= 0 && row < y[1] && column >= 0 && column < y[2])
                            {
                                sums[(((row * y[2]) + column) * 2) + k[0]] += Places.At(inputs[0], x, at) * Places.At(Weights(w), w, k);
                            }
                        }
                    }

                    return sums.Select((sum, i) => Places.Activate(activation, sum + Bias(bias, i % 2)));
                });
        }
    }

    // int8 by the integer definition: (Σ (x − zero point) · w + b) · multiplier, per channel, clamped.
    private static IEnumerable<TfliteCase> Layers8()
    {
        foreach ((bool depthwise, int padding, int[] kernel, int[] stride, int[] dilation, int activation, int bias, bool each) in new[]
        {
            (false, Same, new[] { 3, 2 }, new[] { 2, 1 }, new[] { 1, 1 }, 0, 1, true), (false, Valid, [2, 3], [1, 2], [1, 1], 1, -1, false), (false, Same, [2, 2], [1, 1], [3, 1], 2, 1, true), (false, Same, [3, 3], [1, 3], [1, 1], 3, 0, false),
            (true, Same, [3, 2], [2, 1], [1, 1], 0, 1, true), (true, Valid, [2, 3], [1, 2], [1, 1], 3, 0, true), (true, Same, [2, 2], [1, 1], [1, 3], 2, 1, false),
        })
        {
            int[] x = [1, 6, 7, 3];
            int units = depthwise ? 6 : 5;
            int[] w = depthwise ? [1, kernel[0], kernel[1], units] : [units, kernel[0], kernel[1], 3];
            int[] y = Output(x, kernel, stride, dilation, padding, units);
            sbyte[] weights = TfliteCase.Draw8(3, Places.Count(w));
            float[] scales = each ? [.. Enumerable.Range(1, units).Select(i => 0.0021f * i)] : [0.0057f];
            int[] biases = [.. Enumerable.Range(0, units).Select(i => (i * 377) - 900)];
            const float InScale = 0.0243f;
            const float OutScale = 0.0391f;
            TfliteOperatorCode code = depthwise ? TfliteOperatorCode.DEPTHWISE_CONV_2D : TfliteOperatorCode.CONV_2D;
            int shifted = depthwise ? 1 : 0;
            List<(int, object)> options = [(0, (byte)padding), (1, stride[1]), (2, stride[0]), (3 + shifted, (byte)activation), (4 + shifted, dilation[1]), (5 + shifted, dilation[0])];
            if (depthwise)
            {
                options.Add((3, 2));
            }

            yield return new(code, $"int8, {padding}, {kernel[0]} x {kernel[1]}, strides {stride[0]} and {stride[1]}, dilations {dilation[0]} and {dilation[1]}, activation {activation}, bias {bias}, {scales.Length} scales",
                model =>
                {
                    List<int> inputs = [model.Input(TfliteType.Int8, x, InScale, -13), model.Constant(w, weights, scales, depthwise ? 3 : 0)];
                    AddBias(inputs, bias, () => TfliteCase.Int32(model, biases));
                    model.Operator(code, [.. inputs], [model.Output(TfliteType.Int8, y, OutScale, 9)], depthwise ? 2 : 1, [.. options]);
                },
                inputs => Convolve(inputs[0], x, y, kernel, stride, dilation, padding, (at, r, c, i, j) => depthwise
                    ? (Places.At(inputs[0], x, at[0], r, c, at[3] / 2) + 13) * Places.At(Array.ConvertAll(weights, value => (double)value), w, 0, i, j, at[3])
                    : Enumerable.Range(0, 3).Sum(k => (Places.At(inputs[0], x, at[0], r, c, k) + 13) * Places.At(Array.ConvertAll(weights, value => (double)value), w, at[3], i, j, k)))
                    .Select((sum, i) => (double)Places.Clamp(activation, 9 + Places.Multiply((int)sum + (bias > 0 ? biases[i % units] : 0), (double)InScale * scales[each ? i % units : 0] / OutScale), OutScale, 9)));
        }

        foreach ((int activation, int bias, int[] input, int[] output) in new[] { (0, 1, new[] { 2, 12 }, new[] { 2, 5 }), (1, 0, [1, 12], [1, 5]), (3, -1, [2, 3, 4], [2, 5]), (2, 1, [3, 12], [3, 5]) })
        {
            sbyte[] weights = TfliteCase.Draw8(5, 60);
            int[] biases = [100, -2000, 3000, 0, 7];
            yield return new(TfliteOperatorCode.FULLY_CONNECTED, $"int8, activation {activation}, bias {bias}, {input.Length} axes",
                model =>
                {
                    List<int> inputs = [model.Input(TfliteType.Int8, input, 0.031f, 20), model.Constant([5, 12], weights, [0.0072f])];
                    AddBias(inputs, bias, () => TfliteCase.Int32(model, biases));
                    model.Operator(TfliteOperatorCode.FULLY_CONNECTED, [.. inputs], [model.Output(TfliteType.Int8, output, 0.083f, -30)], 8, (0, (byte)activation));
                },
                inputs => Enumerable.Range(0, Places.Count(output)).Select(i =>
                {
                    int sum = Enumerable.Range(0, 12).Sum(k => ((int)inputs[0][(i / 5 * 12) + k] - 20) * weights[(i % 5 * 12) + k]) + (bias > 0 ? biases[i % 5] : 0);
                    return (double)Places.Clamp(activation, Places.Multiply(sum, (double)(0.031f * 0.0072f) / 0.083f) - 30, 0.083f, -30);
                }));
        }
    }

    private static IEnumerable<TfliteCase> Pools()
    {
        foreach (bool most in new[] { true, false })
        {
            foreach ((int padding, int[] kernel, int[] stride, int activation, bool small) in new[]
            {
                (Same, new[] { 3, 2 }, new[] { 2, 1 }, 0, false), (Valid, [2, 4], [1, 3], 1, false), (Same, [2, 3], [3, 2], 2, false), (Same, [4, 1], [1, 2], 3, false), (Same, [3, 2], [2, 1], 3, true), (Valid, [2, 3], [1, 2], 2, true),
            })
            {
                TfliteOperatorCode code = most ? TfliteOperatorCode.MAX_POOL_2D : TfliteOperatorCode.AVERAGE_POOL_2D;
                int[] x = [1, 7, 8, 2];
                int[] y = Output(x, kernel, stride, [1, 1], padding, 2);
                List<(int, object)> options = [(1, stride[1]), (2, stride[0]), (3, kernel[1]), (4, kernel[0])];
                AddUnless(options, 0, (byte)padding, padding == Same);
                AddUnless(options, 5, (byte)activation, activation == 0);
                TfliteType type = small ? TfliteType.Int8 : TfliteType.Float32;
                yield return new(code, $"{type}, {padding}, {kernel[0]} x {kernel[1]}, strides {stride[0]} and {stride[1]}, activation {activation}",
                    model => model.Operator(code, [model.Input(type, x, small ? 0.05f : 0, small ? -6 : 0)], [model.Output(type, y, small ? 0.05f : 0, small ? -6 : 0)], 5, [.. options]),
                    inputs => Places.All(y).Select(at =>
                    {
                        var seen = new List<double>();
                        Convolve(inputs[0], x, y, kernel, stride, [1, 1], padding, (place, r, c, _, _) =>
                        {
                            if (place.SequenceEqual(at))
                            {
                                seen.Add(Places.At(inputs[0], x, place[0], r, c, place[3]));
                            }

                            return 0;
                        });
                        double value = most ? seen.Max() : seen.Average();

                        // The mean of int8 is rounded with ties away from zero.
                        return small ? Places.Clamp(activation, (int)Math.Round(value, MidpointRounding.AwayFromZero), 0.05f, -6) : Places.Activate(activation, value);
                    }));
            }
        }
    }

    private static IEnumerable<TfliteCase> Rows()
    {
        foreach ((int activation, int bias, int[] input, int[] output) in new[]
        {
            (0, 1, new[] { 2, 12 }, new[] { 2, 5 }), (1, 0, [3, 12], [3, 5]), (2, -1, [2, 3, 12], [2, 3, 5]), (3, 1, [2, 3, 4], [2, 5]), (4, 1, [2, 12], [2, 5]),
        })
        {
            yield return new(TfliteOperatorCode.FULLY_CONNECTED, $"activation {activation}, bias {bias}, {input.Length} axes to {output.Length}",
                model => Layer(model, TfliteOperatorCode.FULLY_CONNECTED, input, [5, 12], 5, bias, output, 8, activation == 0 ? [] : [(0, (byte)activation), (2, output.Length == 3)]),
                inputs => Enumerable.Range(0, Places.Count(output)).Select(i =>
                    Places.Activate(activation, Enumerable.Range(0, 12).Sum(k => inputs[0][(i / 5 * 12) + k] * Weights([5, 12])[(i % 5 * 12) + k]) + Bias(bias, i % 5))));
        }

        foreach ((int[] axes, int[] output) in new[] { (new[] { 1 }, new[] { 2, 4, 5 }), ([-1], [2, 3, 4, 1]), ([0, -2], [3, 5]), ([1, 2, 3], [2]), ([2, 2], [2, 3, 5]) })
        {
            foreach ((TfliteOperatorCode code, Func<IEnumerable<double>, double> join) in new (TfliteOperatorCode, Func<IEnumerable<double>, double>)[]
            {
                (TfliteOperatorCode.MEAN, values => values.Average()), (TfliteOperatorCode.SUM, values => values.Sum()), (TfliteOperatorCode.REDUCE_MAX, values => values.Max()), (TfliteOperatorCode.REDUCE_MIN, values => values.Min()),
            })
            {
                int[] x = [2, 3, 4, 5];
                int[] own = [.. axes.Select(axis => (axis + 4) % 4).Distinct()];
                yield return new(code, $"axes {string.Join(", ", axes)} to {output.Length}",
                    model => model.Operator(code, [model.Input(TfliteType.Float32, x), TfliteCase.Int32(model, axes)], [model.Output(TfliteType.Float32, output)], 27, (0, output.Length == 4)),
                    inputs => Places.All([.. x.Where((_, axis) => !own.Contains(axis))]).Select(at => join(Places.All(x).Where(place => place.Where((_, axis) => !own.Contains(axis)).SequenceEqual(at)).Select(place => Places.At(inputs[0], x, place)))));
            }
        }

        foreach (float beta in new[] { 1f, 0.35f })
        {
            yield return new(TfliteOperatorCode.SOFTMAX, $"beta {beta}", model => model.Operator(TfliteOperatorCode.SOFTMAX, [model.Input(TfliteType.Float32, [2, 3, 5])], [model.Output(TfliteType.Float32, [2, 3, 5])], 9, (0, beta)),
                inputs => Softmax(inputs[0], 5, beta));
        }

        yield return new(TfliteOperatorCode.LOG_SOFTMAX, "the last axis", model => model.Operator(TfliteOperatorCode.LOG_SOFTMAX, [model.Input(TfliteType.Float32, [2, 3, 5])], [model.Output(TfliteType.Float32, [2, 3, 5])], 50),
            inputs => Softmax(inputs[0], 5, 1).Select(value => Math.Log(value)));
        foreach ((TfliteOperatorCode code, bool most) in new[] { (TfliteOperatorCode.ARG_MAX, true), (TfliteOperatorCode.ARG_MIN, false) })
        {
            foreach (int axis in new[] { 1, -1, 0, -3 })
            {
                int[] x = [3, 4, 5];
                int own = (axis + 3) % 3;
                int[] y = [.. x.Where((_, i) => i != own)];
                yield return new(code, $"axis {axis}, the first of equals", model => model.Operator(code, [model.Input(TfliteType.Float32, x), model.Constant([], new[] { axis })], [model.Output(TfliteType.Int32, y)], most ? 40 : 57, (0, (byte)TfliteType.Int32)),
                    inputs => Places.All(y).Select(at =>
                    {
                        double[] line = [.. Enumerable.Range(0, x[own]).Select(i => Places.At(inputs[0], x, [.. at[..own], i, .. at[own..]]))];
                        return (double)Array.IndexOf(line, most ? line.Max() : line.Min());
                    })) { Whole = 3 };
            }
        }
    }

    private static IEnumerable<double> Softmax(double[] x, int size, double beta) =>
        x.Select((value, i) => Math.Exp(beta * value) / x.Skip(i / size * size).Take(size).Sum(other => Math.Exp(beta * other)));

    private static void Layer(TfliteModelBuilder model, TfliteOperatorCode code, int[] x, int[] w, int units, int bias, int[] y, int optionsType, List<(int, object)> options)
    {
        List<int> inputs = [model.Input(TfliteType.Float32, x), model.Constant(w, TfliteCase.Draw(1, Places.Count(w)))];
        AddBias(inputs, bias, () => model.Constant([units], TfliteCase.Draw(2, units)));
        model.Operator(code, [.. inputs], [model.Output(TfliteType.Float32, y)], optionsType, [.. options]);
    }

    // 1: there; −1: said to be absent; 0: not said.
    private static void AddBias(List<int> inputs, int bias, Func<int> add)
    {
        if (bias != 0)
        {
            inputs.Add(bias > 0 ? add() : -1);
        }
    }

    private static void AddUnless(List<(int, object)> options, int slot, object value, bool isDefault)
    {
        if (!isDefault)
        {
            options.Add((slot, value));
        }
    }

    private static double[] Weights(int[] shape) => Array.ConvertAll(TfliteCase.Draw(1, Places.Count(shape)), value => (double)value);

    private static double Bias(int bias, int unit) => bias > 0 ? TfliteCase.Draw(2, unit + 1)[unit] : 0;

    private static int[] Output(int[] x, int[] kernel, int[] stride, int[] dilation, int padding, int units) =>
        [x[0], .. Enumerable.Range(0, 2).Select(axis => Places.Windows(x[1 + axis], kernel[axis], stride[axis], dilation[axis], padding == Same)), units];

    // The sums over the windows, what lies outside the image left out.
    private static double[] Convolve(double[] image, int[] x, int[] y, int[] kernel, int[] stride, int[] dilation, int padding, Func<int[], int, int, int, int, double> term)
    {
        int top = Places.Before(x[1], kernel[0], stride[0], dilation[0], padding == Same);
        int left = Places.Before(x[2], kernel[1], stride[1], dilation[1], padding == Same);
        return [.. Places.All(y).Select(at =>
        {
            double sum = 0;
            for (int i = 0; i < kernel[0]; i++)
            {
                for (int j = 0; j < kernel[1]; j++)
                {
                    int row = (at[1] * stride[0]) + (i * dilation[0]) - top;
                    int column = (at[2] * stride[1]) + (j * dilation[1]) - left;
                    sum += row >= 0 && row < x[1] && column >= 0 && column < x[2] ? term(at, row, column, i, j) : 0;
                }
            }

            return sum;
        })];
    }
}
