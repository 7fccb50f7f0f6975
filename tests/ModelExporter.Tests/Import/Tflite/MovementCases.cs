using EdgeInference.ModelConverter.Import.Tflite;

namespace EdgeInference.Tool.Tests.Import.Tflite;

internal static partial class OperatorCases
{
    private static IEnumerable<OperatorCase> Movement()
    {
        const int ConcatenationOptions = 10;
        const int SplitOptions = 35;
        const int StridedSliceOptions = 32;
        foreach (TfliteType type in new[] { TfliteType.Int8, TfliteType.Float32 })
        {
            string kind = type.ToString().ToLowerInvariant();
            float scale = type == TfliteType.Int8 ? 0.05f : 0f;
            var model = new TfliteModelBuilder();
            model.Operator(
                TfliteOperatorCode.CONCATENATION,
                [model.Input(type, [1, 3, 2], scale, 7), model.Input(type, [1, 1, 2], scale, 7), model.Input(type, [1, 2, 2], scale, 7)],
                [model.Output(type, [1, 6, 2], scale, 7)],
                ConcatenationOptions,
                (0, -2));
            yield return new OperatorCase($"concatenation_{kind}", model.Build(), 2);

            model = new TfliteModelBuilder();
            int input = model.Input(type, [1, 4, 6], scale, 7);
            model.Operator(
                TfliteOperatorCode.SPLIT,
                [model.Constant([], new[] { 2 }), input],
                [model.Output(type, [1, 4, 3], scale, 7), model.Output(type, [1, 4, 3], scale, 7)],
                SplitOptions,
                (0, 2));
            yield return new OperatorCase($"split_{kind}", model.Build(), 2);

            model = new TfliteModelBuilder();
            model.Operator(
                TfliteOperatorCode.STRIDED_SLICE,
                [model.Input(type, [2, 7, 5], scale, 7), model.Constant([3], new[] { 1, -2, 0 }), model.Constant([3], new[] { 2, 0, 5 }), model.Constant([3], new[] { 1, -2, 3 })],
                [model.Output(type, [3, 2], scale, 7)],
                StridedSliceOptions,
                (0, 0),
                (1, 2),
                (4, 1));
            yield return new OperatorCase($"strided_slice_{kind}", model.Build(), 2);

            model = new TfliteModelBuilder();
            model.Operator(
                TfliteOperatorCode.SLICE,
                [model.Input(type, [2, 7, 5], scale, 7), model.Constant([3], new[] { 1, 2, 0 }), model.Constant([3], new[] { 1, 4, -1 })],
                [model.Output(type, [1, 4, 5], scale, 7)],
                48);
            yield return new OperatorCase($"slice_{kind}", model.Build(), 2);

            model = new TfliteModelBuilder();
            model.Operator(
                TfliteOperatorCode.TRANSPOSE,
                [model.Input(type, [2, 3, 4, 5], scale, 7), model.Constant([4], new[] { 0, 3, 1, 2 })],
                [model.Output(type, [2, 5, 3, 4], scale, 7)],
                26);
            yield return new OperatorCase($"transpose_{kind}", model.Build(), 2);

            model = new TfliteModelBuilder();
            model.Operator(
                TfliteOperatorCode.PAD,
                [model.Input(type, [1, 3, 4, 2], scale, 7), model.Constant([4, 2], new[] { 0, 0, 1, 2, 0, 3, 0, 0 })],
                [model.Output(type, [1, 6, 7, 2], scale, 7)],
                22);
            yield return new OperatorCase($"pad_{kind}", model.Build(), 2);

            model = new TfliteModelBuilder();
            model.Operator(
                TfliteOperatorCode.PACK,
                [model.Input(type, [2, 3], scale, 7), model.Input(type, [2, 3], scale, 7)],
                [model.Output(type, [2, 2, 3], scale, 7)],
                59,
                (0, 2),
                (1, 1));
            yield return new OperatorCase($"pack_{kind}", model.Build(), 2);

            model = new TfliteModelBuilder();
            input = model.Input(type, [2, 3, 4], scale, 7);
            model.Operator(
                TfliteOperatorCode.UNPACK,
                [input],
                [model.Output(type, [2, 4], scale, 7), model.Output(type, [2, 4], scale, 7), model.Output(type, [2, 4], scale, 7)],
                64,
                (0, 3),
                (1, 1));
            yield return new OperatorCase($"unpack_{kind}", model.Build(), 2);
        }
    }

    private static IEnumerable<OperatorCase> Reduce()
    {
        const int ReducerOptions = 27;
        foreach ((string name, int[] axes, int[] output, bool keep) in new[]
        {
            ("image", new[] { 1, 2 }, new[] { 2, 1, 1, 6 }, true), ("vector", [1, 2], [2, 6], false), ("channels", [-1], [2, 5, 4], false), ("ends", [0, 3], [5, 4], false),
        })
        {
            foreach (TfliteType type in new[] { TfliteType.Int8, TfliteType.Int16, TfliteType.Float32 })
            {
                float scale = type == TfliteType.Int8 ? 0.05f : type == TfliteType.Int16 ? 0.0004f : 0f;
                long zero = type == TfliteType.Int8 ? 1 : 0;
                var model = new TfliteModelBuilder();
                model.Operator(
                    TfliteOperatorCode.MEAN,
                    [model.Input(type, [2, 5, 4, 6], scale, 17 * zero), model.Constant([axes.Length], axes)],
                    [model.Output(type, output, scale * 0.61f, -9 * zero)],
                    ReducerOptions,
                    (0, keep));
                yield return new OperatorCase($"mean_{name}_{type.ToString().ToLowerInvariant()}", model.Build(), 2);
            }
        }

        foreach ((string name, TfliteOperatorCode code) in new[] { ("sum", TfliteOperatorCode.SUM), ("reduce_max", TfliteOperatorCode.REDUCE_MAX) })
        {
            bool sum = code == TfliteOperatorCode.SUM;
            var model = new TfliteModelBuilder();
            model.Operator(
                code, [model.Input(TfliteType.Int8, [3, 4, 6], 0.05f, 17), model.Constant([1], new[] { 1 })], [model.Output(TfliteType.Int8, [3, 6], sum ? 0.11f : 0.05f, sum ? -9 : 17)], ReducerOptions, (0, false));
            yield return new OperatorCase(name + "_int8", model.Build(), 2);
            model = new TfliteModelBuilder();
            model.Operator(
                code, [model.Input(TfliteType.Float32, [3, 4, 6]), model.Constant([1], new[] { 1 })], [model.Output(TfliteType.Float32, [3, 6])], ReducerOptions, (0, false));
            yield return new OperatorCase(name + "_float32", model.Build(), 2);
        }
    }

    private static IEnumerable<OperatorCase> Functions()
    {
        foreach (TfliteOperatorCode code in new[]
        {
            TfliteOperatorCode.ABS, TfliteOperatorCode.NEG, TfliteOperatorCode.EXP, TfliteOperatorCode.SQUARE, TfliteOperatorCode.FLOOR,
            TfliteOperatorCode.CEIL, TfliteOperatorCode.ROUND, TfliteOperatorCode.SIN, TfliteOperatorCode.COS,
        })
        {
            var model = new TfliteModelBuilder();
            model.Operator(code, [model.Input(TfliteType.Float32, [3, 50])], [model.Output(TfliteType.Float32, [3, 50])]);
            yield return new OperatorCase(code.ToString().ToLowerInvariant() + "_float32", model.Build(), 1);
        }

        foreach ((TfliteOperatorCode code, int options) in new[]
        {
            (TfliteOperatorCode.DIV, 29), (TfliteOperatorCode.MAXIMUM, 39), (TfliteOperatorCode.MINIMUM, 39), (TfliteOperatorCode.SQUARED_DIFFERENCE, 0),
        })
        {
            var model = new TfliteModelBuilder();
            model.Operator(code, [model.Input(TfliteType.Float32, [3, 5, 4]), model.Input(TfliteType.Float32, [1, 4])], [model.Output(TfliteType.Float32, [3, 5, 4])], options);
            yield return new OperatorCase(code.ToString().ToLowerInvariant() + "_float32", model.Build(), 1);
        }
    }

    private static IEnumerable<OperatorCase> TransposeConv()
    {
        const int TransposeConvOptions = 49;
        foreach ((string name, bool same, int[] output) in new[] { ("same", true, new[] { 1, 8, 6, 5 }), ("valid", false, [1, 9, 8, 5]) })
        {
            int[] input = [1, 4, 3, 6];
            int[] weights = [5, 3, same ? 3 : 4, 6];
            int count = 5 * 3 * weights[2] * 6;
            (int, object)[] options = [(0, (byte)(same ? 0 : 1)), (1, 2), (2, 2)];
            var seeds = new SeededInputs(19);
            var model = new TfliteModelBuilder();
            int shape = model.Constant([4], output);
            int w = model.Constant(weights, Weights(seeds, count), [.. Enumerable.Range(1, 5).Select(i => 0.0031f * i)]);
            int bias = model.Constant([5], new[] { 700, -350, 20, 4000, -3000 });
            model.Operator(TfliteOperatorCode.TRANSPOSE_CONV, [shape, w, model.Input(TfliteType.Int8, input, 0.0243f, -13), bias], [model.Output(TfliteType.Int8, output, 0.0391f, 9)], TransposeConvOptions, options);
            yield return new OperatorCase($"transpose_conv_{name}_int8", model.Build(), 2);
            model = new TfliteModelBuilder();
            shape = model.Constant([4], output);
            w = model.Constant(weights, seeds.Floats(count));
            bias = model.Constant([5], seeds.Floats(5));
            model.Operator(TfliteOperatorCode.TRANSPOSE_CONV, [shape, w, model.Input(TfliteType.Float32, input), bias], [model.Output(TfliteType.Float32, output)], TransposeConvOptions, options);
            yield return new OperatorCase($"transpose_conv_{name}_float32", model.Build(), 1);
        }
    }

    // A shift register as streaming models have it: the newest frame joins the last three, and the oldest falls out.
    private static IEnumerable<OperatorCase> Variables()
    {
        foreach (int zero in new[] { 0, -37 })
        {
            var model = new TfliteModelBuilder();
            int frame = model.Input(TfliteType.Int8, [1, 1, 4], 0.05f, zero);
            int handle = model.Tensor(TfliteType.Resource, [1]);
            int old = model.Tensor(TfliteType.Int8, [1, 3, 4], 0.05f, zero);
            int all = model.Output(TfliteType.Int8, [1, 4, 4], 0.05f, zero);
            int next = model.Tensor(TfliteType.Int8, [1, 3, 4], 0.05f, zero);
            model.Initialize("frames", [1, 3, 4], (sbyte)zero, 0.05f);
            model.Operator(TfliteOperatorCode.CALL_ONCE, [], [], 103, (0, 1));
            model.Operator(TfliteOperatorCode.VAR_HANDLE, [], [handle], 111, (0, ""), (1, "frames"));
            model.Operator(TfliteOperatorCode.READ_VARIABLE, [handle], [old], 112);
            model.Operator(TfliteOperatorCode.CONCATENATION, [old, frame], [all], 10, (0, 1));
            model.Operator(
                TfliteOperatorCode.STRIDED_SLICE,
                [all, model.Constant([3], new[] { 0, 1, 0 }), model.Constant([3], new[] { 1, 4, 4 }), model.Constant([3], new[] { 1, 1, 1 })],
                [next],
                32);
            model.Operator(TfliteOperatorCode.ASSIGN_VARIABLE, [handle, next], [], 113);
            yield return new OperatorCase($"variables_{(zero == 0 ? "zero" : "offset")}_int8", model.Build(), 9, KeepsState: true);
        }
    }
}
