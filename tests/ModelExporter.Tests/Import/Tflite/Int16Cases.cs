using EdgeInference.ModelConverter.Import.Tflite;

namespace EdgeInference.Tool.Tests.Import.Tflite;

internal static partial class OperatorCases
{
    private static IEnumerable<OperatorCase> Int16()
    {
        (string Name, TfliteOperatorCode Code, float InScale, float OutScale, int Options, (int, object)[] Values)[] functions =
        [
            ("logistic", TfliteOperatorCode.LOGISTIC, 1f / 4096, 1f / 32768, 0, []),
            ("logistic_coarse", TfliteOperatorCode.LOGISTIC, 0.00093f, 1f / 32768, 0, []),
            ("tanh", TfliteOperatorCode.TANH, 1f / 4096, 1f / 32768, 0, []),
            ("tanh_half", TfliteOperatorCode.TANH, 1f / 2048, 1f / 32768, 0, []),
            ("relu", TfliteOperatorCode.RELU, 0.00021f, 0.00017f, 0, []),
            ("relu6", TfliteOperatorCode.RELU6, 0.00021f, 0.00021f, 0, []),
            ("leaky_relu", TfliteOperatorCode.LEAKY_RELU, 0.00021f, 0.00019f, LeakyReluOptions, [(0, 0.1f)]),
            ("softmax", TfliteOperatorCode.SOFTMAX, 0.00021f, 1f / 32768, SoftmaxOptions, [(0, 1f)]),
            ("softmax_beta", TfliteOperatorCode.SOFTMAX, 0.00043f, 1f / 32768, SoftmaxOptions, [(0, 0.35f)]),
            ("quantize", TfliteOperatorCode.QUANTIZE, 0.00021f, 0.00034f, 0, []),
        ];
        foreach (var one in functions)
        {
            var model = new TfliteModelBuilder();
            int[] shape = [4, 64];
            model.Operator(one.Code, [model.Input(TfliteType.Int16, shape, one.InScale)], [model.Output(TfliteType.Int16, shape, one.OutScale)], one.Options, one.Values);
            yield return new OperatorCase(one.Name + "_int16", model.Build(), 4);
        }

        var narrowed = new TfliteModelBuilder();
        narrowed.Operator(TfliteOperatorCode.QUANTIZE, [narrowed.Input(TfliteType.Int16, [1, 256], 0.00021f)], [narrowed.Output(TfliteType.Int8, [1, 256], 0.0631f, 17)]);
        yield return new OperatorCase("quantize_int16_int8", narrowed.Build(), 4);

        var widened = new TfliteModelBuilder();
        widened.Operator(TfliteOperatorCode.QUANTIZE, [widened.Input(TfliteType.Int16, [1, 256], 0.00021f, 0)], [widened.Output(TfliteType.Int32, [1, 256], 0.00034f)]);
        yield return new OperatorCase("quantize_int16_int32", widened.Build(), 2, GivesInt32: true);

        var joined = new TfliteModelBuilder();
        joined.Operator(
            TfliteOperatorCode.CONCATENATION,
            [joined.Input(TfliteType.Int16, [1, 3, 2], 0.0003f), joined.Input(TfliteType.Int16, [1, 1, 2], 0.0003f)],
            [joined.Output(TfliteType.Int16, [1, 4, 2], 0.0003f)],
            10,
            (0, 1));
        yield return new OperatorCase("concatenation_int16", joined.Build(), 4);
    }

    private static IEnumerable<OperatorCase> FullyConnectedInt16()
    {
        const int Units = 11;
        foreach ((string name, int depth, FusedActivation activation, bool perChannel, bool bias) in new[]
        {
            ("none", 37, FusedActivation.None, false, true), ("bare", 5, FusedActivation.None, true, false),
            ("relu", 300, FusedActivation.Relu, true, true), ("relu6", 64, FusedActivation.Relu6, false, false),
        })
        {
            var seeds = new SeededInputs(78);
            sbyte[] weights = Weights(seeds, Units * depth);
            long[] biases = [.. Enumerable.Range(0, Units).Select(_ => (long)seeds.Next() >> 40)];
            float[] scales = perChannel ? [.. Enumerable.Range(1, Units).Select(i => 0.0009f * i)] : [0.00411f];
            var model = new TfliteModelBuilder();
            int input = model.Input(TfliteType.Int16, [2, depth], 0.000213f);
            int w = model.Constant([Units, depth], weights, scales);
            int b = bias ? model.Constant([Units], biases) : -1;
            model.Operator(
                TfliteOperatorCode.FULLY_CONNECTED, [input, w, b], [model.Output(TfliteType.Int16, [2, Units], 0.00072f)], FullyConnectedOptions, (0, (byte)activation));
            yield return new OperatorCase($"fully_connected_{name}_int16", model.Build(), 10);
        }
    }
}
