using EdgeInference.ModelConverter.Import.Tflite;

namespace EdgeInference.Tool.Tests.Import.Tflite;

internal static partial class OperatorCases
{
    private static IEnumerable<OperatorCase> Extrema()
    {
        const int Options = 39;
        foreach ((string name, TfliteOperatorCode code) in new[] { ("maximum", TfliteOperatorCode.MAXIMUM), ("minimum", TfliteOperatorCode.MINIMUM) })
        {
            foreach (TfliteType type in new[] { TfliteType.Int8, TfliteType.Int16 })
            {
                string kind = type.ToString().ToLowerInvariant();
                long zero = type == TfliteType.Int8 ? 7 : 0;
                foreach ((string shapes, int[] a, int[] b, int[] output) in new[]
                {
                    ("same", new[] { 1, 5, 9 }, new[] { 1, 5, 9 }, new[] { 1, 5, 9 }), ("both", [1, 4, 1, 6], [1, 1, 5, 6], [1, 4, 5, 6]), ("channel", [1, 3, 4, 7], [7], [1, 3, 4, 7]),
                })
                {
                    var two = new TfliteModelBuilder();
                    two.Operator(code, [two.Input(type, a, 0.05f, zero), two.Input(type, b, 0.05f, zero)], [two.Output(type, output, 0.05f, zero)], Options);
                    yield return new OperatorCase($"{name}_{shapes}_{kind}", two.Build(), 4);
                }
            }

            foreach ((string constant, int[] shape, sbyte[] values) in new[] { ("scalar", Array.Empty<int>(), new sbyte[] { -20 }), ("vector", [3], [-100, 5, 90]) })
            {
                var one = new TfliteModelBuilder();
                one.Operator(code, [one.Input(TfliteType.Int8, [1, 30, 3], 0.05f, 7), one.Constant(shape, values, [0.05f], 0, 7)], [one.Output(TfliteType.Int8, [1, 30, 3], 0.05f, 7)], Options);
                yield return new OperatorCase($"{name}_{constant}_int8", one.Build(), 4);
            }
        }
    }

    private static IEnumerable<OperatorCase> Selection()
    {
        foreach ((string name, TfliteOperatorCode code, int options) in new[] { ("arg_max", TfliteOperatorCode.ARG_MAX, 40), ("arg_min", TfliteOperatorCode.ARG_MIN, 57) })
        {
            foreach (TfliteType type in new[] { TfliteType.Int8, TfliteType.Float32 })
            {
                foreach ((int axis, int[] output) in new[] { (-1, new[] { 2, 3 }), (1, [2, 200]) })
                {
                    var model = new TfliteModelBuilder();
                    model.Operator(
                        code,
                        [model.Input(type, [2, 3, 200], type == TfliteType.Int8 ? 0.05f : 0, type == TfliteType.Int8 ? 7 : 0), model.Constant([], new[] { axis })],
                        [model.Output(TfliteType.Int32, output)],
                        options,
                        (0, (byte)TfliteType.Int32));
                    yield return new OperatorCase($"{name}_{(axis < 0 ? "last" : "middle")}_{type.ToString().ToLowerInvariant()}", model.Build(), 2, GivesInt32: true);
                }
            }
        }

        foreach (TfliteType type in new[] { TfliteType.Int8, TfliteType.Float32 })
        {
            string kind = type.ToString().ToLowerInvariant();
            float scale = type == TfliteType.Int8 ? 0.05f : 0;
            foreach ((string name, int axis, int[] shape, int[] indices, int[] output) in new[]
            {
                ("vector", 1, new[] { 4 }, new[] { 4, 0, 0, 2 }, new[] { 2, 4, 3 }), ("scalar", 2, [], [1], [2, 5]), ("matrix", 0, [2, 2], [1, 0, 1, 1], [2, 2, 5, 3]),
            })
            {
                var model = new TfliteModelBuilder();
                model.Operator(TfliteOperatorCode.GATHER, [model.Input(type, [2, 5, 3], scale, 7), model.Constant(shape, indices)], [model.Output(type, output, scale, 7)], 23, (0, axis));
                yield return new OperatorCase($"gather_{name}_{kind}", model.Build(), 2);
            }

            foreach ((string name, bool align, bool centers, int[] size) in new[]
            {
                ("plain", false, false, new[] { 7, 9 }), ("aligned", true, false, [7, 9]), ("centered", false, true, [7, 3]), ("smaller", false, false, [2, 5]),
            })
            {
                var model = new TfliteModelBuilder();
                model.Operator(
                    TfliteOperatorCode.RESIZE_NEAREST_NEIGHBOR,
                    [model.Input(type, [1, 3, 5, 2], scale, 7), model.Constant([2], size)],
                    [model.Output(type, [1, .. size, 2], scale, 7)],
                    74,
                    (0, align),
                    (1, centers));
                yield return new OperatorCase($"resize_nearest_{name}_{kind}", model.Build(), 2);
                if (type != TfliteType.Float32)
                {
                    continue;
                }

                model = new TfliteModelBuilder();
                model.Operator(
                    TfliteOperatorCode.RESIZE_BILINEAR,
                    [model.Input(type, [1, 3, 5, 2]), model.Constant([2], size)],
                    [model.Output(type, [1, .. size, 2])],
                    15,
                    (2, align),
                    (3, centers));
                yield return new OperatorCase($"resize_bilinear_{name}_{kind}", model.Build(), 2);
            }
        }
    }
}
