using EdgeInference.ModelConverter.Import.Tflite;

namespace EdgeInference.Tool.Tests.Import.Tflite.Definitions;

/// <content>Element by element, what moves elements, and how constants are stored.</content>
internal static partial class TfliteCases
{
    private static IEnumerable<TfliteCase> Elements()
    {
        foreach ((TfliteOperatorCode code, int options, Func<double, double, double> join) in new (TfliteOperatorCode, int, Func<double, double, double>)[]
        {
            (TfliteOperatorCode.ADD, 11, (a, b) => a + b), (TfliteOperatorCode.SUB, 28, (a, b) => a - b), (TfliteOperatorCode.MUL, 21, (a, b) => a * b), (TfliteOperatorCode.DIV, 29, (a, b) => a / b),
            (TfliteOperatorCode.MAXIMUM, 39, Math.Max), (TfliteOperatorCode.MINIMUM, 39, Math.Min), (TfliteOperatorCode.POW, 56, Math.Pow), (TfliteOperatorCode.SQUARED_DIFFERENCE, 66, (a, b) => (a - b) * (a - b)),
        })
        {
            bool fuses = options is 11 or 28 or 21 or 29;
            foreach (int activation in fuses ? [0, 1, 2, 3, 4] : new[] { 0 })
            {
                yield return new(code, $"activation {activation}, broadcast",
                    model => model.Operator(code, [model.Input(TfliteType.Float32, [2, 1, 3]), model.Input(TfliteType.Float32, [4, 1])], [model.Output(TfliteType.Float32, [2, 4, 3])], options, activation == 0 ? [] : [(0, (byte)activation)]),
                    inputs => Places.All([2, 4, 3]).Select(at => Places.Activate(activation, join(inputs[0][(at[0] * 3) + at[2]], inputs[1][at[1]])))) { Positive = code is TfliteOperatorCode.POW or TfliteOperatorCode.DIV };
            }

            yield return new(code, "a constant first", model => model.Operator(code, [model.Constant([3], [1.5f, 0.25f, 2f]), model.Input(TfliteType.Float32, [4, 3])], [model.Output(TfliteType.Float32, [4, 3])], options),
                inputs => inputs[0].Select((b, i) => join(new[] { 1.5, 0.25, 2 }[i % 3], b))) { Positive = code is TfliteOperatorCode.POW or TfliteOperatorCode.DIV };
        }

        foreach ((TfliteOperatorCode code, Func<double, double> function, bool positive) in new (TfliteOperatorCode, Func<double, double>, bool)[]
        {
            (TfliteOperatorCode.RELU, x => Math.Max(0, x), false), (TfliteOperatorCode.RELU6, x => Math.Min(6, Math.Max(0, x)), false), (TfliteOperatorCode.RELU_N1_TO_1, x => Math.Min(1, Math.Max(-1, x)), false),
            (TfliteOperatorCode.ELU, x => x < 0 ? Math.Exp(x) - 1 : x, false), (TfliteOperatorCode.HARD_SWISH, x => x * Math.Min(6, Math.Max(0, x + 3)) / 6, false),
            (TfliteOperatorCode.LOGISTIC, x => 1 / (1 + Math.Exp(-x)), false), (TfliteOperatorCode.TANH, Math.Tanh, false), (TfliteOperatorCode.ABS, Math.Abs, false), (TfliteOperatorCode.NEG, x => -x, false),
            (TfliteOperatorCode.EXP, Math.Exp, false), (TfliteOperatorCode.LOG, Math.Log, true), (TfliteOperatorCode.SQRT, Math.Sqrt, true), (TfliteOperatorCode.RSQRT, x => 1 / Math.Sqrt(x), true), (TfliteOperatorCode.SQUARE, x => x * x, false),
            (TfliteOperatorCode.FLOOR, Math.Floor, false), (TfliteOperatorCode.CEIL, Math.Ceiling, false), (TfliteOperatorCode.SIN, Math.Sin, false), (TfliteOperatorCode.COS, Math.Cos, false),
            (TfliteOperatorCode.LEAKY_RELU, x => x < 0 ? 0 : x, false),
        })
        {
            // LEAKY_RELU without its option has the slope 0.
            yield return new(code, "every element", model => model.Operator(code, [model.Input(TfliteType.Float32, [2, 20])], [model.Output(TfliteType.Float32, [2, 20])]), inputs => inputs[0].Select(value => function(value))) { Positive = positive };
        }

        // Ties go to the even number.
        yield return new(TfliteOperatorCode.ROUND, "halves", model =>
        {
            int half = model.Tensor(TfliteType.Float32, [2, 20]);
            model.Operator(TfliteOperatorCode.MUL, [model.Input(TfliteType.Float32, [2, 20]), model.Constant([], [0.5f])], [half], 21);
            model.Operator(TfliteOperatorCode.ROUND, [half], [model.Output(TfliteType.Float32, [2, 20])]);
        }, inputs => inputs[0].Select(x => Math.Round(x / 2, MidpointRounding.ToEven))) { Whole = 9 };
        yield return new(TfliteOperatorCode.LEAKY_RELU, "a slope", model => model.Operator(TfliteOperatorCode.LEAKY_RELU, [model.Input(TfliteType.Float32, [2, 20])], [model.Output(TfliteType.Float32, [2, 20])], 75, (0, 0.3f)), inputs => inputs[0].Select(x => x < 0 ? 0.3f * x : x));
        yield return new(TfliteOperatorCode.PRELU, "a slope for each channel", model => model.Operator(TfliteOperatorCode.PRELU, [model.Input(TfliteType.Float32, [1, 4, 3]), model.Constant([1, 3], [0.5f, -0.25f, 2f])], [model.Output(TfliteType.Float32, [1, 4, 3])]),
            inputs => inputs[0].Select((x, i) => x < 0 ? new[] { 0.5, -0.25, 2 }[i % 3] * x : x));
        yield return new(TfliteOperatorCode.PRELU, "one slope", model => model.Operator(TfliteOperatorCode.PRELU, [model.Input(TfliteType.Float32, [1, 4, 3]), model.Constant([1], [0.5f])], [model.Output(TfliteType.Float32, [1, 4, 3])]), inputs => inputs[0].Select(x => x < 0 ? 0.5 * x : x));
    }

    private static IEnumerable<TfliteCase> Moves()
    {
        int[] x = [2, 3, 4];
        const TfliteType Real = TfliteType.Float32;
        foreach (int axis in new[] { 0, 1, 2, -1, -3 })
        {
            int own = (axis + 3) % 3;
            int[] twice = [.. x.Select((size, i) => i == own ? 2 * size : size)];
            yield return new(TfliteOperatorCode.CONCATENATION, $"axis {axis}", model => model.Operator(TfliteOperatorCode.CONCATENATION, [model.Input(Real, x), model.Input(Real, x)], [model.Output(Real, twice)], 10, (0, axis)),
                inputs => Places.All(twice).Select(at => Places.At(inputs[at[own] / x[own]], x, [.. at.Select((i, a) => a == own ? i % x[own] : i)])));
            int[] rest = [.. x.Where((_, i) => i != own)];
            yield return new(TfliteOperatorCode.UNPACK, $"axis {axis}", model => model.Operator(TfliteOperatorCode.UNPACK, [model.Input(Real, x)], [.. Enumerable.Range(0, x[own]).Select(_ => model.Output(Real, rest))], 64, (0, x[own]), (1, axis)),
                inputs => Enumerable.Range(0, x[own]).SelectMany(part => Places.All(rest).Select(at => Places.At(inputs[0], x, [.. at[..own], part, .. at[own..]]))));
            int[] parts = [.. x.Select((size, i) => i == own ? 1 : size)];
            yield return new(TfliteOperatorCode.SPLIT, $"axis {axis}", model => model.Operator(TfliteOperatorCode.SPLIT, [model.Constant([], new[] { axis }), model.Input(Real, x)], [.. Enumerable.Range(0, x[own]).Select(_ => model.Output(Real, parts))], 35, (0, x[own])),
                inputs => Enumerable.Range(0, x[own]).SelectMany(part => Places.All(parts).Select(at => Places.At(inputs[0], x, [.. at.Select((i, a) => a == own ? part : i)]))));
            int[] tail = [.. x.Select((size, i) => i == own ? size - 1 : size)];
            yield return new(TfliteOperatorCode.SPLIT_V, $"axis {axis}, parts of other sizes", model => model.Operator(TfliteOperatorCode.SPLIT_V, [model.Input(Real, x), TfliteCase.Int32(model, 1, x[own] - 1), model.Constant([], new[] { axis })], [model.Output(Real, parts), model.Output(Real, tail)], 79, (0, 2)),
                inputs => Places.All(parts).Select(at => Places.At(inputs[0], x, at)).Concat(Places.All(tail).Select(at => Places.At(inputs[0], x, [.. at.Select((i, a) => a == own ? i + 1 : i)]))));
            int[] gathered = [.. x[..own], 2, 2, .. x[(own + 1)..]];
            int[] indices = [1, 0, 1, 1];
            yield return new(TfliteOperatorCode.GATHER, $"axis {axis}, indices of two axes", model => model.Operator(TfliteOperatorCode.GATHER, [model.Input(Real, x), model.Constant([2, 2], indices)], [model.Output(Real, gathered)], 23, axis == 0 ? [] : [(0, axis)]),
                inputs => Places.All(gathered).Select(at => Places.At(inputs[0], x, [.. at[..own], indices[(at[own] * 2) + at[own + 1]], .. at[(own + 2)..]])));
        }

        foreach (int axis in new[] { 0, 1, 2, 3, -1, -4 })
        {
            int own = (axis + 4) % 4;
            int[] packed = [.. x[..own], 2, .. x[own..]];
            yield return new(TfliteOperatorCode.PACK, $"axis {axis}", model => model.Operator(TfliteOperatorCode.PACK, [model.Input(Real, x), model.Input(Real, x)], [model.Output(Real, packed)], 59, axis == 0 ? [(0, 2)] : [(0, 2), (1, axis)]),
                inputs => Places.All(packed).Select(at => Places.At(inputs[at[own]], x, [.. at[..own], .. at[(own + 1)..]])));
        }

        yield return new(TfliteOperatorCode.TRANSPOSE, "not its own inverse", model => model.Operator(TfliteOperatorCode.TRANSPOSE, [model.Input(Real, x), TfliteCase.Int32(model, 2, 0, 1)], [model.Output(Real, [4, 2, 3])], 26), inputs => Places.All([4, 2, 3]).Select(at => Places.At(inputs[0], x, at[1], at[2], at[0])));
        yield return new(TfliteOperatorCode.SLICE, "all sizes", model => model.Operator(TfliteOperatorCode.SLICE, [model.Input(Real, x), TfliteCase.Int32(model, 1, 0, 2), TfliteCase.Int32(model, 1, 2, -1)], [model.Output(Real, [1, 2, 2])], 48), inputs => Places.All([1, 2, 2]).Select(at => Places.At(inputs[0], x, at[0] + 1, at[1], at[2] + 2)));
        foreach ((TfliteOperatorCode code, float? value) in new (TfliteOperatorCode, float?)[] { (TfliteOperatorCode.PAD, null), (TfliteOperatorCode.PADV2, 2.5f) })
        {
            yield return new(code, "other amounts on each side", model =>
            {
                int[] inputs = [model.Input(Real, x), model.Constant([3, 2], new[] { 1, 0, 0, 2, 1, 3 })];
                model.Operator(code, value is { } number ? [.. inputs, model.Constant([], [number])] : inputs, [model.Output(Real, [3, 5, 8])], value is null ? 22 : 60);
            }, inputs => Places.All([3, 5, 8]).Select(at => at[0] >= 1 && at[1] < 3 && at[2] is >= 1 and < 5 ? Places.At(inputs[0], x, at[0] - 1, at[1], at[2] - 1) : value ?? 0));
            yield return new(code, "int8, with the zero point or a number", model =>
            {
                int[] inputs = [model.Input(TfliteType.Int8, x, 0.1f, -7), model.Constant([3, 2], new[] { 0, 0, 1, 1, 0, 2 })];
                model.Operator(code, value is null ? inputs : [.. inputs, model.Constant([1], new sbyte[] { 25 }, [0.1f], 0, -7)], [model.Output(TfliteType.Int8, [2, 5, 6], 0.1f, -7)], value is null ? 22 : 60);
            }, inputs => Places.All([2, 5, 6]).Select(at => at[1] is >= 1 and < 4 && at[2] < 4 ? Places.At(inputs[0], x, at[0], at[1] - 1, at[2]) : value is null ? -7 : 25));
        }

        foreach (TfliteOperatorCode code in new[] { TfliteOperatorCode.RESHAPE, TfliteOperatorCode.SQUEEZE, TfliteOperatorCode.EXPAND_DIMS })
        {
            yield return new(code, "the output's shape", model => model.Operator(code, [model.Input(Real, [1, 3, 4]), TfliteCase.Int32(model, 0)], [model.Output(Real, [3, 4, 1])]), inputs => inputs[0]);
        }

        // Integers that describe shapes are computed at import; here they are indices.
        foreach ((TfliteOperatorCode code, string name, int rows, Func<TfliteModelBuilder, int, int> make, int[] indices) in new (TfliteOperatorCode, string, int, Func<TfliteModelBuilder, int, int>, int[])[]
        {
            (TfliteOperatorCode.SHAPE, "of a tensor", 3, (_, shape) => shape, [2, 1, 3]),
            (TfliteOperatorCode.STRIDED_SLICE, "of integers, backward", 2, (model, shape) => Integers(model, TfliteOperatorCode.STRIDED_SLICE, [shape, TfliteCase.Int32(model, 2), TfliteCase.Int32(model, -4), TfliteCase.Int32(model, -2)], [2], 32), [3, 2]),
            (TfliteOperatorCode.CONCATENATION, "of integers", 4, (model, shape) => Integers(model, TfliteOperatorCode.CONCATENATION, [shape, TfliteCase.Int32(model, 0)], [4], 10), [2, 1, 3, 0]),
            (TfliteOperatorCode.GATHER, "of integers", 2, (model, shape) => Integers(model, TfliteOperatorCode.GATHER, [shape, TfliteCase.Int32(model, 2, 0)], [2], 23), [3, 2]),
            (TfliteOperatorCode.PACK, "of integers", 2, (model, shape) =>
            {
                int one = Integers(model, TfliteOperatorCode.STRIDED_SLICE, [shape, TfliteCase.Int32(model, 1), TfliteCase.Int32(model, 2), TfliteCase.Int32(model, 1)], [], 32, (4, 1));
                return Integers(model, TfliteOperatorCode.PACK, [model.Constant([], new[] { 3 }), one], [2], 59, (0, 2));
            }, [3, 1]),
        })
        {
            yield return new(code, name, model =>
            {
                int input = model.Input(Real, [2, 1, 3]);
                int shape = Integers(model, TfliteOperatorCode.SHAPE, [input], [3], 55);
                model.Operator(TfliteOperatorCode.GATHER, [model.Input(Real, [4, 2]), make(model, shape)], [model.Output(Real, [rows, 2])], 23);
            }, inputs => indices.SelectMany(row => inputs[1][(row * 2)..((row * 2) + 2)]));
        }

        // begin_mask, end_mask, shrink_axis_mask are slots 0, 1 and 4.
        foreach ((string name, int[] begin, int[] end, int[] step, int beginMask, int endMask, int shrink, Func<int, int>[] from, int[] output) in new[]
        {
            ("all given", new[] { 1, 0, 2 }, new[] { 4, 5, 7 }, new[] { 1, 2, 3 }, 0, 0, 0, new Func<int, int>[] { i => 1 + i, i => 2 * i, i => 2 + (3 * i) }, new[] { 3, 3, 2 }),
            ("from the end", [-2, -5, -4], [4, -1, 7], [1, 1, 2], 0, 0, 0, [i => 2 + i, i => i, i => 3 + (2 * i)], [2, 4, 2]),
            ("backward", [3, 4, -1], [0, 1, -6], [-1, -2, -2], 0, 0, 0, [i => 3 - i, i => 4 - (2 * i), i => 6 - (2 * i)], [3, 2, 3]),
            ("begins left out", [2, 3, 5], [3, 4, 6], [1, 1, 1], 7, 0, 0, [i => i, i => i, i => i], [3, 4, 6]),
            ("ends left out", [2, 3, 5], [3, 4, 6], [1, 1, 1], 0, 7, 0, [i => 2 + i, i => 3 + i, i => 5 + i], [2, 2, 2]),
            ("one of each left out", [2, 3, 5], [3, 4, 6], [1, 1, 1], 1, 4, 0, [i => i, i => 3 + i, i => 5 + i], [3, 1, 2]),
            ("backward, begins left out", [2, 3, 5], [1, 1, 3], [-1, -1, -1], 7, 0, 0, [i => 3 - i, i => 4 - i, i => 6 - i], [2, 3, 3]),
            ("backward, ends left out", [2, 3, 5], [0, 0, 0], [-1, -1, -3], 0, 7, 0, [i => 2 - i, i => 3 - i, i => 5 - (3 * i)], [3, 4, 2]),
            ("beyond the ends", [-9, 0, -20], [9, 100, 20], [1, 1, 1], 0, 0, 0, [i => i, i => i, i => i], [4, 5, 7]),
            ("an axis alone", [1, -2, 0], [2, 0, 7], [1, 1, 3], 0, 0, 2, [i => 1 + i, _ => 3, i => 3 * i], [1, 3]),
            ("axes alone whose begin is left out", [1, 2, 0], [2, 3, 7], [1, 1, 3], 3, 0, 3, [_ => 1, _ => 2, i => 3 * i], [3]),
        })
        {
            int[] source = [4, 5, 7];
            int[] whole = [.. output];
            for (int axis = 0; axis < 3; axis++)
            {
                whole = (shrink & (1 << axis)) != 0 ? [.. whole[..axis], 1, .. whole[axis..]] : whole;
            }

            yield return new(TfliteOperatorCode.STRIDED_SLICE, name, model => model.Operator(TfliteOperatorCode.STRIDED_SLICE,
                    [model.Input(Real, source), TfliteCase.Int32(model, begin), TfliteCase.Int32(model, end), TfliteCase.Int32(model, step)], [model.Output(Real, output)], 32, (0, beginMask), (1, endMask), (4, shrink)),
                inputs => Places.All(whole).Select(at => Places.At(inputs[0], source, [.. at.Select((i, axis) => from[axis](i))])));
        }
    }

    private static int Integers(TfliteModelBuilder model, TfliteOperatorCode code, int[] inputs, int[] shape, int optionsType, params (int, object)[] options)
    {
        int output = model.Tensor(TfliteType.Int32, shape);
        model.Operator(code, inputs, [output], optionsType, options);
        return output;
    }

    // By the older resize: the first corners lie upon each other; align_corners: the last ones too; half_pixel_centers: the middles of pixels do.
    private static IEnumerable<TfliteCase> Resizes()
    {
        foreach ((int height, int width) in new[] { (6, 7), (5, 2), (3, 4), (1, 9) })
        {
            foreach ((bool align, bool centers) in new[] { (false, false), (true, false), (false, true) })
            {
                int[] x = [1, 3, 4, 2];
                int[] y = [1, height, width, 2];
                double Place(int i, int axis) => align && y[axis] > 1 ? i * (x[axis] - 1.0) / (y[axis] - 1)
                    : centers ? ((i + 0.5) * x[axis] / y[axis]) - 0.5
                    : i * (double)x[axis] / y[axis];
                List<(int, object)> flags(int first) => [.. align ? [(first, (object)true)] : Array.Empty<(int, object)>(), .. centers ? [(first + 1, (object)true)] : Array.Empty<(int, object)>()];
                string name = $"{height} x {width}, {(align ? "corners aligned" : centers ? "half pixels" : "neither")}";
                yield return new(TfliteOperatorCode.RESIZE_NEAREST_NEIGHBOR, name, model => model.Operator(TfliteOperatorCode.RESIZE_NEAREST_NEIGHBOR, [model.Input(TfliteType.Float32, x), TfliteCase.Int32(model, height, width)], [model.Output(TfliteType.Float32, y)], 74, [.. flags(0)]),
                    inputs => Places.All(y).Select(at =>
                    {
                        int Nearest(int axis) => Math.Min(x[axis] - 1, align ? (int)Math.Round(Place(at[axis], axis), MidpointRounding.AwayFromZero)
                            : (int)Math.Floor(centers ? (at[axis] + 0.5) * x[axis] / y[axis] : Place(at[axis], axis)));
                        return Places.At(inputs[0], x, 0, Nearest(1), Nearest(2), at[3]);
                    }));
                yield return new(TfliteOperatorCode.RESIZE_BILINEAR, name, model => model.Operator(TfliteOperatorCode.RESIZE_BILINEAR, [model.Input(TfliteType.Float32, x), TfliteCase.Int32(model, height, width)], [model.Output(TfliteType.Float32, y)], 15, [.. flags(2)]),
                    inputs => Places.All(y).Select(at =>
                    {
                        (int, int, double) Around(int axis)
                        {
                            double place = Math.Clamp(Place(at[axis], axis), 0, x[axis] - 1);
                            int below = (int)Math.Floor(place);
                            return (below, Math.Min(below + 1, x[axis] - 1), place - below);
                        }

                        (int top, int bottom, double down) = Around(1);
                        (int left, int right, double across) = Around(2);
                        double Row(int row) => (Places.At(inputs[0], x, 0, row, left, at[3]) * (1 - across)) + (Places.At(inputs[0], x, 0, row, right, at[3]) * across);
                        return (Row(top) * (1 - down)) + (Row(bottom) * down);
                    }));
            }
        }
    }

    // Weights of a float32 layer that the file keeps in other types.
    private static IEnumerable<TfliteCase> Stored()
    {
        sbyte[] integers = [-7, 3, 5, -1, 0, 7];
        TfliteCase Of(string name, Func<TfliteModelBuilder, int> weights, Func<int, double> value) => new(TfliteOperatorCode.FULLY_CONNECTED, "weights as " + name,
            model => model.Operator(TfliteOperatorCode.FULLY_CONNECTED, [model.Input(TfliteType.Float32, [1, 3]), weights(model)], [model.Output(TfliteType.Float32, [1, 2])], 8),
            inputs => Enumerable.Range(0, 2).Select(unit => Enumerable.Range(0, 3).Sum(k => inputs[0][k] * value((unit * 3) + k))));
        yield return Of("int8 of one scale", model => model.Constant([2, 3], integers, [0.25f]), i => 0.25 * integers[i]);
        yield return Of("int8 of one scale with a zero point", model => model.Constant([2, 3], integers, [0.25f], 0, 4), i => 0.25 * (integers[i] - 4));
        yield return Of("int8 of a scale for each row", model => model.Constant([2, 3], integers, [0.25f, 0.75f]), i => (i < 3 ? 0.25 : 0.75) * integers[i]);
        yield return Of("int8 of a scale for each column", model => model.Constant([2, 3], integers, [0.25f, 0.75f, 1.5f], 1), i => new[] { 0.25, 0.75, 1.5 }[i % 3] * integers[i]);
        yield return Of("uint8 with a zero point", model => model.Constant(TfliteType.UInt8, [2, 3], [121, 200, 0, 255, 128, 5], [0.25f], 0, 121), i => 0.25 * (new[] { 121, 200, 0, 255, 128, 5 }[i] - 121));
        yield return Of("uint8 without a zero point", model => model.WithoutZeroPoint(TfliteType.UInt8, [2, 3], [121, 200, 0, 255, 128, 5], 0.25f), i => 0.25 * new[] { 121, 200, 0, 255, 128, 5 }[i]);
        yield return Of("int4", model => model.Constant(TfliteType.Int4, [2, 3], [0x39, 0xF5, 0x70], [0.25f]), i => 0.25 * integers[i]);
        yield return Of("int16", model => model.Constant(TfliteType.Int16, [2, 3], [.. new short[] { -700, 300, 5, -32768, 0, 32767 }.SelectMany(BitConverter.GetBytes)], [0.001f]), i => (double)0.001f * new[] { -700, 300, 5, -32768, 0, 32767 }[i]);
        yield return Of("float16", model => model.Constant(TfliteType.Float16, [2, 3], [.. new[] { 0.1, -0.2, 3, 4, -5, 2049 }.SelectMany(value => BitConverter.GetBytes((Half)value))]), i => (double)(Half)new[] { 0.1, -0.2, 3, 4, -5, 2049 }[i]);
        yield return new(TfliteOperatorCode.DEQUANTIZE, "a constant", model =>
        {
            int real = model.Tensor(TfliteType.Float32, [3]);
            model.Operator(TfliteOperatorCode.DEQUANTIZE, [model.Constant([3], new sbyte[] { -7, 3, 5 }, [0.25f], 0, 2)], [real]);
            model.Operator(TfliteOperatorCode.ADD, [model.Input(TfliteType.Float32, [2, 3]), real], [model.Output(TfliteType.Float32, [2, 3])], 11);
        }, inputs => inputs[0].Select((x, i) => x + (0.25 * (new[] { -7, 3, 5 }[i % 3] - 2))));
        yield return new(TfliteOperatorCode.DEPTHWISE_CONV_2D, "int8 weights of a scale for each channel in float32", model =>
                model.Operator(TfliteOperatorCode.DEPTHWISE_CONV_2D, [model.Input(TfliteType.Float32, [1, 1, 3, 2]), model.Constant([1, 1, 2, 2], new sbyte[] { 1, 2, 3, 4 }, [0.5f, 4f], 3)], [model.Output(TfliteType.Float32, [1, 1, 2, 2])], 2, (0, (byte)1), (1, 1), (2, 1), (3, 1)),
            inputs => new[] { (0, 0.5), (1, 4.0) } is var channels ? Enumerable.Range(0, 2).SelectMany(c => channels.Select(pair => pair.Item2 * ((inputs[0][(c * 2) + pair.Item1] * (1 + pair.Item1)) + (inputs[0][(c * 2) + 2 + pair.Item1] * (3 + pair.Item1))))) : []);
    }
}
