using System.Buffers.Binary;
using EdgeInference.ModelConverter.Import.Tflite;

namespace EdgeInference.Tool.Tests.Import.Tflite;

internal static partial class OperatorCases
{
    private const int ConvOptions = 1;
    private const int DepthwiseOptions = 2;
    private const int PoolOptions = 5;

    private static IEnumerable<OperatorCase> Conv()
    {
        (string Name, int[] Input, int[] Kernel, int Units, int Stride, int Dilation, bool Same, FusedActivation Activation, bool PerChannel)[] cases =
        [
            ("pointwise", [1, 5, 4, 33], [1, 1], 7, 1, 1, false, FusedActivation.Relu, true),
            ("same", [1, 9, 7, 3], [3, 3], 5, 1, 1, true, FusedActivation.None, true),
            ("same_strided", [2, 10, 9, 4], [4, 3], 6, 2, 1, true, FusedActivation.Relu6, false),
            ("valid_strided", [1, 11, 9, 1], [10, 4], 8, 2, 1, false, FusedActivation.Relu, true),
            ("dilated", [1, 12, 11, 2], [3, 3], 4, 1, 2, true, FusedActivation.None, true),
            ("dilated_valid", [1, 12, 11, 5], [2, 3], 4, 1, 3, false, FusedActivation.ReluN1To1, true),
        ];
        foreach (var one in cases)
        {
            int depth = one.Input[3];
            int[] shape = [one.Units, one.Kernel[0], one.Kernel[1], depth];
            int[] output = [one.Input[0], Places(one.Input[1], one.Kernel[0], one.Stride, one.Dilation, one.Same), Places(one.Input[2], one.Kernel[1], one.Stride, one.Dilation, one.Same), one.Units];
            (int, object)[] options =
            [
                (0, (byte)(one.Same ? 0 : 1)), (1, one.Stride), (2, one.Stride), (3, (byte)one.Activation), (4, one.Dilation), (5, one.Dilation),
            ];
            foreach (OperatorCase built in Layers("conv_" + one.Name, TfliteOperatorCode.CONV_2D, ConvOptions, options, one.Input, shape, 0, output, one.Units, one.PerChannel))
            {
                yield return built;
            }
        }
    }

    private static IEnumerable<OperatorCase> Depthwise()
    {
        (string Name, int[] Input, int[] Kernel, int Multiplier, int Stride, int Dilation, bool Same)[] cases =
        [
            ("same", [1, 8, 7, 37], [3, 3], 1, 1, 1, true),
            ("strided", [2, 9, 8, 64], [3, 3], 1, 2, 1, true),
            ("multiplied", [1, 9, 10, 3], [4, 2], 4, 2, 1, false),
            ("from_one", [1, 9, 10, 1], [3, 5], 8, 2, 1, true),
            ("dilated", [1, 13, 9, 5], [3, 3], 1, 1, 2, true),
        ];
        foreach (var one in cases)
        {
            int units = one.Input[3] * one.Multiplier;
            int[] shape = [1, one.Kernel[0], one.Kernel[1], units];
            int[] output = [one.Input[0], Places(one.Input[1], one.Kernel[0], one.Stride, one.Dilation, one.Same), Places(one.Input[2], one.Kernel[1], one.Stride, one.Dilation, one.Same), units];
            (int, object)[] options =
            [
                (0, (byte)(one.Same ? 0 : 1)), (1, one.Stride), (2, one.Stride), (3, one.Multiplier), (4, (byte)FusedActivation.Relu), (5, one.Dilation), (6, one.Dilation),
            ];
            foreach (OperatorCase built in Layers("depthwise_" + one.Name, TfliteOperatorCode.DEPTHWISE_CONV_2D, DepthwiseOptions, options, one.Input, shape, 3, output, units, true))
            {
                yield return built;
            }
        }
    }

    private static IEnumerable<OperatorCase> Pool()
    {
        foreach ((string name, TfliteOperatorCode code) in new[] { ("average_pool", TfliteOperatorCode.AVERAGE_POOL_2D), ("max_pool", TfliteOperatorCode.MAX_POOL_2D) })
        {
            foreach ((string kind, int kernel, int stride, bool same, FusedActivation activation) in new[]
            {
                ("same", 3, 2, true, FusedActivation.None), ("valid", 2, 2, false, FusedActivation.Relu6), ("global", 7, 1, false, FusedActivation.None),
            })
            {
                int[] input = [2, 7, 7, 5];
                int places = Places(7, kernel, stride, 1, same);
                int[] output = [2, places, places, 5];
                (int, object)[] options = [(0, (byte)(same ? 0 : 1)), (1, stride), (2, stride), (3, kernel), (4, kernel), (5, (byte)activation)];
                var model = new TfliteModelBuilder();
                model.Operator(code, [model.Input(TfliteType.Int8, input, 0.07f, -31)], [model.Output(TfliteType.Int8, output, 0.07f, -31)], PoolOptions, options);
                yield return new OperatorCase($"{name}_{kind}_int8", model.Build(), 4);
                model = new TfliteModelBuilder();
                model.Operator(code, [model.Input(TfliteType.Int16, input, 0.0007f)], [model.Output(TfliteType.Int16, output, 0.0007f)], PoolOptions, options);
                yield return new OperatorCase($"{name}_{kind}_int16", model.Build(), 2);
                model = new TfliteModelBuilder();
                model.Operator(code, [model.Input(TfliteType.Float32, input)], [model.Output(TfliteType.Float32, output)], PoolOptions, options);
                yield return new OperatorCase($"{name}_{kind}_float32", model.Build(), 1);
            }
        }
    }

    private static IEnumerable<OperatorCase> Layers(
        string name, TfliteOperatorCode code, int optionsType, (int, object)[] options, int[] input, int[] weights, int axis, int[] output, int units, bool perChannel)
    {
        var seeds = new SeededInputs(91);
        int count = weights.Aggregate(1, (product, size) => product * size);
        float[] scales = perChannel ? [.. Enumerable.Range(1, units).Select(i => 0.0021f + (0.0003f * i))] : [0.00411f];
        int[] biases = [.. Enumerable.Range(0, units).Select(_ => ((int)(seeds.Next() >> 48) - 32768) / 8)];
        var model = new TfliteModelBuilder();
        model.Operator(
            code,
            [
                model.Input(TfliteType.Int8, input, 0.0243f, -13),
                model.Constant(weights, Weights(seeds, count), scales, axis),
                model.Constant(TfliteType.Int32, [units], TfliteModelBuilder.Bytes(biases, 4, BinaryPrimitives.WriteInt32LittleEndian)),
            ],
            [model.Output(TfliteType.Int8, output, 0.0391f, 9)],
            optionsType,
            options);
        yield return new OperatorCase(name + "_int8", model.Build(), 3);

        model = new TfliteModelBuilder();
        model.Operator(
            code,
            [model.Input(TfliteType.Float32, input), model.Constant(weights, seeds.Floats(count)), model.Constant([units], seeds.Floats(units))],
            [model.Output(TfliteType.Float32, output)],
            optionsType,
            options);
        yield return new OperatorCase(name + "_float32", model.Build(), 1);

        model = new TfliteModelBuilder();
        model.Operator(
            code,
            [
                model.Input(TfliteType.Int16, input, 0.000213f),
                model.Constant(weights, Weights(seeds, count), scales, axis),
                model.Constant([units], [.. Enumerable.Range(0, units).Select(_ => (long)seeds.Next() >> 42)]),
            ],
            [model.Output(TfliteType.Int16, output, 0.00072f)],
            optionsType,
            options);
        yield return new OperatorCase(name + "_int16", model.Build(), 3);
    }

    private static int Places(int size, int kernel, int stride, int dilation, bool same) =>
        same ? (size + stride - 1) / stride : ((size - ((kernel - 1) * dilation) - 1) / stride) + 1;
}
