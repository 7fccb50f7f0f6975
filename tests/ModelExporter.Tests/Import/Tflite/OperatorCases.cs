using EdgeInference.ModelConverter.Import.Tflite;

namespace EdgeInference.Tool.Tests.Import.Tflite;

/// <summary>Models of one or two operators each, small enough to compare byte for byte.</summary>
internal static partial class OperatorCases
{
    private const int AddOptions = 11;
    private const int SubOptions = 28;
    private const int MulOptions = 21;
    private const int SoftmaxOptions = 9;
    private const int LeakyReluOptions = 75;
    private const int FullyConnectedOptions = 8;
    private const int ReshapeOptions = 17;

    internal static IReadOnlyList<OperatorCase> All { get; } =
    [
        .. Unary(),
        .. Binary(),
        .. Softmax(),
        .. FullyConnected(),
        .. Quantize(),
        .. Conv(),
        .. Depthwise(),
        .. Pool(),
        .. Movement(),
        .. Reduce(),
        .. Functions(),
        .. TransposeConv(),
        .. Variables(),
        .. Int16(),
        .. FullyConnectedInt16(),
        .. Extrema(),
        .. Selection(),
        .. Svdf(),
        .. Lstm(),
        .. QuantizedLstm(),
    ];

    private static IEnumerable<OperatorCase> Unary()
    {
        (string Name, TfliteOperatorCode Code, float InScale, int InZero, float OutScale, int OutZero)[] cases =
        [
            ("logistic", TfliteOperatorCode.LOGISTIC, 0.0488f, -7, 1f / 256, -128),
            ("logistic_fine", TfliteOperatorCode.LOGISTIC, 0.0031f, 33, 1f / 256, -128),
            ("logistic_coarse", TfliteOperatorCode.LOGISTIC, 0.83f, 3, 1f / 256, -128),
            ("tanh", TfliteOperatorCode.TANH, 0.0293f, 12, 1f / 128, 0),
            ("tanh_coarse", TfliteOperatorCode.TANH, 0.61f, -2, 1f / 128, 0),
            ("relu", TfliteOperatorCode.RELU, 0.051f, -20, 0.0371f, -128),
            ("relu_same", TfliteOperatorCode.RELU, 0.05f, 4, 0.05f, 4),
            ("relu6", TfliteOperatorCode.RELU6, 0.0501f, -5, 0.0501f, -5),
            ("elu", TfliteOperatorCode.ELU, 0.043f, 5, 0.031f, -90),
            ("hard_swish", TfliteOperatorCode.HARD_SWISH, 0.057f, 11, 0.061f, -90),
            ("hard_swish_coarse", TfliteOperatorCode.HARD_SWISH, 0.31f, -60, 0.29f, -110),
            ("hard_swish_fine", TfliteOperatorCode.HARD_SWISH, 0.0117f, 2, 0.0133f, 17),
        ];
        foreach (var one in cases)
        {
            var model = new TfliteModelBuilder();
            int[] shape = [1, 4, 64];
            model.Operator(one.Code, [model.Input(TfliteType.Int8, shape, one.InScale, one.InZero)], [model.Output(TfliteType.Int8, shape, one.OutScale, one.OutZero)]);
            yield return new OperatorCase(one.Name + "_int8", model.Build(), 4);
        }

        foreach (TfliteOperatorCode code in cases.Select(one => one.Code).Distinct())
        {
            var model = new TfliteModelBuilder();
            int[] shape = [2, 33];
            model.Operator(code, [model.Input(TfliteType.Float32, shape)], [model.Output(TfliteType.Float32, shape)]);
            yield return new OperatorCase(code.ToString().ToLowerInvariant() + "_float32", model.Build(), 2);
        }

        foreach (float alpha in new[] { 0.1f, -0.35f, 1.7f })
        {
            var model = new TfliteModelBuilder();
            int[] shape = [1, 256];
            model.Operator(
                TfliteOperatorCode.LEAKY_RELU,
                [model.Input(TfliteType.Int8, shape, 0.021f, 18)],
                [model.Output(TfliteType.Int8, shape, 0.0193f, -30)],
                LeakyReluOptions,
                (0, alpha));
            yield return new OperatorCase($"leaky_relu_{alpha}_int8", model.Build(), 4);
        }

        foreach (int slopes in new[] { 1, 5 })
        {
            var model = new TfliteModelBuilder();
            int[] shape = [1, 4, 3, 5];
            sbyte[] alpha = [40, -128, 127, 0, 3];
            model.Operator(
                TfliteOperatorCode.PRELU,
                [model.Input(TfliteType.Int8, shape, 0.021f, 18), model.Constant([1, 1, slopes], alpha[..slopes], [0.0061f], 0, 4)],
                [model.Output(TfliteType.Int8, shape, 0.0193f, -30)]);
            yield return new OperatorCase($"prelu_{slopes}_int8", model.Build(), 8);
            model = new TfliteModelBuilder();
            model.Operator(
                TfliteOperatorCode.PRELU,
                [model.Input(TfliteType.Float32, shape), model.Constant([1, 1, slopes], new SeededInputs(5).Floats(slopes))],
                [model.Output(TfliteType.Float32, shape)]);
            yield return new OperatorCase($"prelu_{slopes}_float32", model.Build(), 2);
        }
    }

    private static IEnumerable<OperatorCase> Binary()
    {
        (string Name, TfliteOperatorCode Code, int Options)[] kinds =
        [
            ("add", TfliteOperatorCode.ADD, AddOptions), ("sub", TfliteOperatorCode.SUB, SubOptions), ("mul", TfliteOperatorCode.MUL, MulOptions),
        ];
        (string Name, int[] A, int[] B, int[] Output)[] shapes =
        [
            ("same", [1, 5, 5, 9], [1, 5, 5, 9], [1, 5, 5, 9]),
            ("channel", [1, 3, 4, 7], [7], [1, 3, 4, 7]),
            ("scalar", [1, 60], [1], [1, 60]),
            ("both", [1, 4, 1, 6], [1, 1, 5, 6], [1, 4, 5, 6]),
        ];
        foreach (var kind in kinds)
        {
            foreach (var shape in shapes)
            {
                foreach (FusedActivation activation in new[] { FusedActivation.None, FusedActivation.Relu6 })
                {
                    string name = $"{kind.Name}_{shape.Name}_{(activation == FusedActivation.None ? "none" : "relu6")}";
                    bool product = kind.Code == TfliteOperatorCode.MUL;
                    var model = new TfliteModelBuilder();
                    model.Operator(
                        kind.Code,
                        [model.Input(TfliteType.Int8, shape.A, 0.0371f, -11), model.Input(TfliteType.Int8, shape.B, 0.0523f, 25)],
                        [model.Output(TfliteType.Int8, shape.Output, product ? 0.091f : 0.0611f, -35)],
                        kind.Options,
                        (0, (byte)activation));
                    yield return new OperatorCase(name + "_int8", model.Build(), 8);

                    model = new TfliteModelBuilder();
                    model.Operator(
                        kind.Code,
                        [model.Input(TfliteType.Float32, shape.A), model.Input(TfliteType.Float32, shape.B)],
                        [model.Output(TfliteType.Float32, shape.Output)],
                        kind.Options,
                        (0, (byte)activation));
                    yield return new OperatorCase(name + "_float32", model.Build(), 1);
                }
            }

            var wide = new TfliteModelBuilder();
            int[] size = [1, 200];
            wide.Operator(
                kind.Code,
                [wide.Input(TfliteType.Int16, size, 0.000213f), wide.Input(TfliteType.Int16, size, 0.000152f)],
                [wide.Output(TfliteType.Int16, size, kind.Code == TfliteOperatorCode.MUL ? 0.00101f : 0.000271f)],
                kind.Options,
                [(0, (byte)0), .. kind.Code == TfliteOperatorCode.MUL ? Array.Empty<(int, object)>() : [(1, (object)false)]]);
            yield return new OperatorCase(kind.Name + "_int16", wide.Build(), 4);
        }
    }

    private static IEnumerable<OperatorCase> Softmax()
    {
        foreach ((string name, float scale, float beta, int depth) in new[]
        {
            ("softmax", 0.0627f, 1f, 12), ("softmax_coarse", 0.9f, 1f, 2), ("softmax_fine", 0.004f, 1f, 100), ("softmax_beta", 0.11f, 0.35f, 10), ("softmax_wide", 0.05f, 1f, 1001),
        })
        {
            var model = new TfliteModelBuilder();
            int[] shape = [3, depth];
            model.Operator(
                TfliteOperatorCode.SOFTMAX,
                [model.Input(TfliteType.Int8, shape, scale, 17)],
                [model.Output(TfliteType.Int8, shape, 1f / 256, -128)],
                SoftmaxOptions,
                (0, beta));
            yield return new OperatorCase(name + "_int8", model.Build(), depth > 500 ? 2 : 20);
            model = new TfliteModelBuilder();
            model.Operator(
                TfliteOperatorCode.SOFTMAX,
                [model.Input(TfliteType.Int8, shape, scale, 17)],
                [model.Output(TfliteType.Int16, shape, 1f / 65536, -32768)],
                SoftmaxOptions,
                (0, beta));
            yield return new OperatorCase(name + "_int8_int16", model.Build(), depth > 50 ? 1 : 10);
        }

        var real = new TfliteModelBuilder();
        int[] size = [3, 11];
        real.Operator(TfliteOperatorCode.SOFTMAX, [real.Input(TfliteType.Float32, size)], [real.Output(TfliteType.Float32, size)], SoftmaxOptions, (0, 2.5f));
        yield return new OperatorCase("softmax_float32", real.Build(), 2);
        real = new TfliteModelBuilder();
        size = [1, 12];
        real.Operator(TfliteOperatorCode.LOG_SOFTMAX, [real.Input(TfliteType.Float32, size)], [real.Output(TfliteType.Float32, size)]);
        yield return new OperatorCase("log_softmax_float32", real.Build(), 2);
    }

    private static IEnumerable<OperatorCase> FullyConnected()
    {
        const int Depth = 37;
        const int Units = 13;
        foreach ((string name, FusedActivation activation, bool perChannel, bool bias, int[] shape) in new[]
        {
            ("none", FusedActivation.None, false, true, new[] { 1, Depth }),
            ("relu", FusedActivation.Relu, false, false, [2, Depth]),
            ("relu6", FusedActivation.Relu6, true, true, [1, Depth]),
            ("relu_n1_to_1", FusedActivation.ReluN1To1, true, true, [1, 1, Depth, 1]),
        })
        {
            var seeds = new SeededInputs(77);
            sbyte[] weights = Weights(seeds, Units * Depth);
            int[] biases = [.. Enumerable.Range(0, Units).Select(_ => (int)(seeds.Next() >> 48) - 32768)];
            float[] scales = perChannel ? [.. Enumerable.Range(1, Units).Select(i => 0.0009f * i)] : [0.00411f];
            int rows = shape.Length == 2 ? shape[0] : 1;
            var model = new TfliteModelBuilder();
            int input = model.Input(TfliteType.Int8, shape, 0.0243f, -13);
            int w = model.Constant([Units, Depth], weights, scales);
            int b = bias ? model.Constant(TfliteType.Int32, [Units], TfliteModelBuilder.Bytes(biases, 4, System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian), perChannel ? null : [0.0243f * 0.00411f]) : -1;
            model.Operator(
                TfliteOperatorCode.FULLY_CONNECTED, [input, w, b], [model.Output(TfliteType.Int8, [rows, Units], 0.0391f, 9)], FullyConnectedOptions, (0, (byte)activation));
            yield return new OperatorCase($"fully_connected_{name}_int8", model.Build(), 10);

            model = new TfliteModelBuilder();
            input = model.Input(TfliteType.Float32, shape);
            w = model.Constant([Units, Depth], seeds.Floats(Units * Depth));
            b = bias ? model.Constant([Units], seeds.Floats(Units)) : -1;
            model.Operator(
                TfliteOperatorCode.FULLY_CONNECTED, [input, w, b], [model.Output(TfliteType.Float32, [rows, Units])], FullyConnectedOptions, (0, (byte)activation));
            yield return new OperatorCase($"fully_connected_{name}_float32", model.Build(), 2);
        }
    }

    private static IEnumerable<OperatorCase> Quantize()
    {
        int[] shape = [1, 256];
        var model = new TfliteModelBuilder();
        model.Operator(TfliteOperatorCode.QUANTIZE, [model.Input(TfliteType.Float32, shape)], [model.Output(TfliteType.Int8, shape, 0.00643f, -9)]);
        yield return new OperatorCase("quantize_float32_int8", model.Build(), 2);

        model = new TfliteModelBuilder();
        model.Operator(TfliteOperatorCode.QUANTIZE, [model.Input(TfliteType.Float32, shape)], [model.Output(TfliteType.Int16, shape, 0.0000264f)]);
        yield return new OperatorCase("quantize_float32_int16", model.Build(), 2);

        model = new TfliteModelBuilder();
        model.Operator(TfliteOperatorCode.QUANTIZE, [model.Input(TfliteType.Int8, shape, 0.031f, 5)], [model.Output(TfliteType.Int8, shape, 0.0172f, -20)]);
        yield return new OperatorCase("quantize_int8_int8", model.Build(), 2);

        model = new TfliteModelBuilder();
        model.Operator(TfliteOperatorCode.QUANTIZE, [model.Input(TfliteType.Int8, shape, 0.031f, 5)], [model.Output(TfliteType.Int16, shape, 0.00021f)]);
        yield return new OperatorCase("quantize_int8_int16", model.Build(), 2);

        // To uint8 and back: the types at the ends of a model that was converted for uint8 images.
        model = new TfliteModelBuilder();
        int unsigned = model.Tensor(TfliteType.UInt8, shape, 0.0261f, 131);
        model.Operator(TfliteOperatorCode.QUANTIZE, [model.Input(TfliteType.Int8, shape, 0.031f, 5)], [unsigned]);
        model.Operator(TfliteOperatorCode.QUANTIZE, [unsigned], [model.Output(TfliteType.Int8, shape, 0.0172f, -20)]);
        yield return new OperatorCase("quantize_int8_uint8_int8", model.Build(), 2);

        model = new TfliteModelBuilder();
        model.Operator(TfliteOperatorCode.DEQUANTIZE, [model.Input(TfliteType.Int8, shape, 0.0317f, 5)], [model.Output(TfliteType.Float32, shape)]);
        yield return new OperatorCase("dequantize_int8_float32", model.Build(), 1);

        model = new TfliteModelBuilder();
        model.Operator(
            TfliteOperatorCode.RESHAPE,
            [model.Input(TfliteType.Int8, [1, 4, 6], 0.1f, 3), model.Constant([2], new[] { 3, 8 })],
            [model.Output(TfliteType.Int8, [3, 8], 0.1f, 3)],
            ReshapeOptions,
            (0, new[] { 3, 8 }));
        yield return new OperatorCase("reshape_int8", model.Build(), 2);
    }

    private static sbyte[] Weights(SeededInputs seeds, int count) => [.. seeds.Bytes(count).Select(value => (sbyte)value).Select(value => value == -128 ? (sbyte)-127 : value)];
}
