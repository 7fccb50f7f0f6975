using EdgeInference.ModelConverter.Import.Onnx;
using static OnnxBackend.Tests.Operators.Make;

namespace OnnxBackend.Tests.Operators;

/// <summary>Quantized operators. Scales are powers of two where integers come out, so that no product of float32 rounds; the int8 kernels may be one step off.</summary>
internal static class QuantizedCases
{
    private const OnnxElementType U8 = OnnxElementType.UInt8;
    private const OnnxElementType S8 = OnnxElementType.Int8;

    internal static IEnumerable<OperatorCase> All() =>
    [
        .. Quantize(), .. Dequantize(), .. Dynamic(), .. OfZeros(), .. Integer(), .. Linear(), .. Contributed(), .. DynamicLstm(),
    ];

    private static double[] Bytes(int count, int seed, bool signed) => [.. Enumerable.Range(0, count).Select(i => (double)(((i * 37) + (seed * 11)) % 256)).Select(value => signed ? value - 128 : value)];

    private static CaseTensor Byte(OnnxElementType type, bool constant, int seed, params int[] shape) => new(type, shape, Bytes(Count(shape), seed, type == S8), constant);

    // Of 7 bits: without the VNNI instructions ONNX Runtime's sums of two products of uint8 and int8 saturate at 16 bits.
    private static CaseTensor Weights(int seed, params int[] shape) => new(S8, shape, [.. Bytes(Count(shape), seed, true).Select(value => Math.Truncate(value / 2))], true);

    private static CaseTensor Zero(OnnxElementType type, double value) => Scalar(value, type);

    private static IEnumerable<OperatorCase> Quantize()
    {
        // Halves either way, and beyond the range.
        CaseTensor x = In([-300, -64, -1.25, -0.75, -0.25, -0.0, 0.25, 0.75, 1.25, 3.3, 63.5, 300], 2, 6);
        foreach (int opset in new[] { 10, 13, 19, 21 })
        {
            yield return Case("QuantizeLinear", [x, Scalar(0.5)]) with { Opset = opset };
            yield return Case("QuantizeLinear", [x, Scalar(0.5), Zero(U8, 128)]) with { Opset = opset };
            yield return Case("QuantizeLinear", [x, Scalar(0.5), Zero(S8, -3)]) with { Opset = opset };
        }

        yield return Case("QuantizeLinear", [x, Scalar(0.5)], A("output_dtype", (int)S8)) with { Opset = 21 };
        yield return Case("QuantizeLinear", [x, Scalar(0.5)], A("output_dtype", (int)OnnxElementType.Int16)) with { Opset = 21 };
        yield return Case("QuantizeLinear", [x, Scalar(0.5), Zero(OnnxElementType.UInt16, 1000)]) with { Opset = 21 };
        yield return Case("QuantizeLinear", [x, Scalar(0.5), Zero(OnnxElementType.Int16, -1000)]) with { Opset = 21 };
        yield return Case("QuantizeLinear", [x, Scalar(0.005)], A("output_dtype", (int)OnnxElementType.UInt16)) with { Opset = 21 };
        yield return Case("QuantizeLinear", [x, Scalar(0.5)], A("output_dtype", (int)OnnxElementType.Int4)) with { Opset = 21, Expected = [.. x.Values.Select(value => Math.Clamp(Math.Round(value / 0.5), -8, 7))] };
        yield return Case("QuantizeLinear", [x, Scalar(0.5)], A("output_dtype", (int)OnnxElementType.UInt4)) with { Opset = 21, Expected = [.. x.Values.Select(value => Math.Clamp(Math.Round(value / 0.5), 0, 15))] };
        yield return Case("QuantizeLinear", [x, Scalar(0.5), Zero(OnnxElementType.Int32, 0)]) with { Refusal = "quantizes to Int32; integers of 4 to 16 bits are supported" };
        yield return Case("QuantizeLinear", [x, Scalar(0.5)], A("output_dtype", (int)OnnxElementType.Float8E4M3FN)) with { Opset = 21, Refusal = "quantizes to Float8E4M3FN" };
        yield return Case("QuantizeLinear", [x, Scalar(0.5)], A("saturate", 0), A("axis", 0)) with { Opset = 19 };
        yield return Case("QuantizeLinear", [x, Const([0.5]), Const(S8, [-3])]);
        yield return Case("QuantizeLinear", [x, Const([0.5, 1, 2, 0.25, 4, 8]), Const(S8, [0, 1, -2, 3, -4, 5])]);
        yield return Case("QuantizeLinear", [x, Const([0.5, 2]), Const(S8, [0, 1])], A("axis", 0));
        yield return Case("QuantizeLinear", [X(2, 3, 2), Const([0.5, 2, 0.25]), Const(U8, [10, 100, 128])]) with { Note = "axis 1" };
        yield return Case("QuantizeLinear", [X(2, 3, 2), Const([0.5, 2]), Const(U8, [10, 100])], A("axis", -1));
        yield return Case("QuantizeLinear", [X(2, 4), Const([0.5, 2, 0.25, 1], 2, 2), Const(S8, [0, 10, -10, 5], 2, 2)], A("axis", 1), A("block_size", 2)) with { Opset = 21 };
        yield return Case("QuantizeLinear", [X(6, 2), Const([0.5, 2, 0.25, 1, 4, 0.125], 3, 2), Const(S8, [0, 10, -10, 5, 1, 2], 3, 2)], A("axis", 0), A("block_size", 2)) with { Opset = 21 };
        yield return Case("QuantizeLinear", [X(2, 5), Const([0.5, 2, 0.25, 1, 4, 0.125], 2, 3)], A("axis", -1), A("block_size", 2)) with { Opset = 21, Note = "the last block is short" };
        yield return Case("QuantizeLinear", [X(2, 5), Const([0.5, 2, 0.25, 1], 2, 2)], A("axis", -1), A("block_size", 2)) with { Opset = 21, Refusal = "has blocks of 2 whose scales" };
        yield return Case("QuantizeLinear", [X(2, 3, 2), Const([0.05, 0.2, 0.025]), Const(S8, [10, -100, 12])]) with
        {
            Note = "and back, an axis of scales", GraphOutputs = ["z"],
            More = [("DequantizeLinear", ["y", "x1", "x2"], ["d"], []), ("Relu", ["d"], ["r"], []), ("QuantizeLinear", ["r", "x1", "x2"], ["q"], []), ("DequantizeLinear", ["q", "x1", "x2"], ["z"], [])],
        };
        yield return Case("com.microsoft.QuantizeLinear", [x, Scalar(0.5), Zero(U8, 128)]);
    }

    private static IEnumerable<OperatorCase> Dequantize()
    {
        foreach (int opset in new[] { 10, 13, 19, 21 })
        {
            yield return Case("DequantizeLinear", [Byte(U8, false, 1, 2, 6), Scalar(0.3)]) with { Opset = opset };
            yield return Case("DequantizeLinear", [Byte(U8, false, 1, 2, 6), Scalar(0.3), Zero(U8, 130)]) with { Opset = opset };
            yield return Case("DequantizeLinear", [Byte(S8, false, 1, 2, 6), Scalar(0.3), Zero(S8, -5)]) with { Opset = opset };
        }

        yield return Case("DequantizeLinear", [In(OnnxElementType.Int32, [-70000, 5, 90000]), Scalar(0.01)]);
        yield return Case("DequantizeLinear", [Byte(S8, false, 1, 2, 3, 2), Const([0.3, 0.6, 0.9]), Const(S8, [1, -2, 3])]) with { Note = "axis 1" };
        yield return Case("DequantizeLinear", [Byte(S8, false, 1, 2, 3, 2), Const([0.3, 0.6]), Const(S8, [1, -2])], A("axis", 0));
        yield return Case("DequantizeLinear", [Byte(S8, false, 1, 2, 3, 2), Const([0.3, 0.6])], A("axis", -1));
        yield return Case("DequantizeLinear", [Byte(S8, false, 1, 2, 4), Const([0.5, 2, 0.25, 1], 2, 2), Const(S8, [0, 10, -10, 5], 2, 2)], A("axis", 1), A("block_size", 2)) with { Opset = 21 };
        yield return Case("DequantizeLinear", [Byte(S8, false, 1, 4, 2), Const([0.5, 2, 0.25, 1], 2, 2)], A("axis", 0), A("block_size", 2)) with { Opset = 21 };
        yield return Case("com.microsoft.DequantizeLinear", [Byte(U8, false, 1, 2, 6), Scalar(0.3), Zero(U8, 130)]);
    }

    private static IEnumerable<OperatorCase> Dynamic()
    {
        foreach (double[] values in (double[][])[[-1, 0, 1, 2, 254 - 1], [0.5, 1, 51], [-51, -3, -0.5], [-2.5, 0.7, 1.3, 2.6]])
        {
            yield return Case("DynamicQuantizeLinear", In(values)) with { Outputs = ["y", "s", "z"] };
        }
    }

    // ONNX Runtime gives zeros a scale of 1, the standard 0 / 255.
    private static OperatorCase[] OfZeros() =>
    [
        Case("DynamicQuantizeLinear", In([0, 0, 0])) with { Outputs = ["y", "s", "z"], GraphOutputs = ["y", "z"] },
        Case("DynamicQuantizeLinear", In([0, 0, 0])) with { Outputs = ["y", "s", "z"], GraphOutputs = ["s"], Expected = [0] },
    ];

    private static IEnumerable<OperatorCase> Integer()
    {
        CaseTensor a = Byte(U8, false, 1, 3, 4);
        CaseTensor b = Byte(U8, true, 2, 4, 3);
        yield return Case("MatMulInteger", [a, b]);
        yield return Case("MatMulInteger", [a, b, Zero(U8, 100)]);
        yield return Case("MatMulInteger", [a, b, None, Zero(U8, 90)]);
        yield return Case("MatMulInteger", [a, b, Zero(U8, 100), Zero(U8, 90)]);
        yield return Case("MatMulInteger", [a, Byte(S8, true, 2, 4, 3), Zero(U8, 100), Const(S8, [1, -2, 3])]);
        yield return Case("MatMulInteger", [a, Byte(U8, false, 2, 4, 3), Zero(U8, 100), Zero(U8, 90)]);
        yield return Case("MatMulInteger", [Byte(U8, false, 1, 2, 3, 4), b, Zero(U8, 100)]);

        // A zero point for each row of a, which ONNX Runtime does not have.
        double[] zeros = [100, 7, 250];
        yield return Case("MatMulInteger", [a, b, Const(U8, zeros), Zero(U8, 90)]) with
        {
            Note = "zero points for each row",
            Expected = [.. Enumerable.Range(0, 9).Select(i => Enumerable.Range(0, 4).Sum(k => (a.Values[(i / 3 * 4) + k] - zeros[i / 3]) * (b.Values[(k * 3) + (i % 3)] - 90)))],
        };
        CaseTensor image = Byte(U8, false, 1, 1, 2, 5, 4);
        CaseTensor weights = Byte(U8, true, 3, 2, 2, 2, 2);
        yield return Case("ConvInteger", [image, weights]);
        yield return Case("ConvInteger", [image, weights, Zero(U8, 100)]);
        yield return Case("ConvInteger", [image, weights, None, Zero(U8, 90)]);

        // One for each output channel: as a convolution of what is left when they are taken off.
        yield return Case("ConvInteger", [image, weights, Zero(U8, 100), Const(U8, [90, 140])]) with
        {
            Note = "zero points for each channel",
            Peer = Case("Conv", [In([.. image.Values.Select(value => value - 100)], image.Shape), Const([.. weights.Values.Select((value, i) => value - (i < 8 ? 90 : 140))], weights.Shape)]),
        };
        foreach (OperatorCase test in Each(Case("ConvInteger", [image, weights, Zero(U8, 100), Zero(U8, 90)]), A("pads", new[] { 1, 0, 0, 1 }), A("strides", new[] { 2, 1 }), A("dilations", new[] { 2, 1 })))
        {
            yield return test;
        }
    }

    private static IEnumerable<OperatorCase> Linear()
    {
        foreach (OnnxElementType type in new[] { U8, S8 })
        {
            double zero = type == U8 ? 120 : -8;
            CaseTensor image = Byte(type, false, 1, 1, 2, 5, 4);
            CaseTensor weights = Byte(S8, true, 3, 2, 2, 2, 2);
            CaseTensor[] inputs = [image, Scalar(1 / 64.0), Zero(type, zero), weights, Scalar(1 / 128.0), Zero(S8, 0), Scalar(1 / 4.0), Zero(type, zero + 5)];
            foreach (OperatorCase test in Each(Case("QLinearConv", inputs) with { Steps = 1 }, A("pads", new[] { 1, 0, 0, 1 }), A("strides", new[] { 2, 1 })))
            {
                yield return test;
            }

            yield return Case("QLinearConv", [.. inputs, Const(OnnxElementType.Int32, [5000, -3000])]) with { Steps = 1 };
            CaseTensor[] perChannel = [.. inputs];
            perChannel[4] = Const([1 / 128.0, 1 / 32.0]);
            perChannel[5] = Const(S8, [0, 0]);
            yield return Case("QLinearConv", perChannel) with { Steps = 1, Note = "per channel" };

            // More outputs than inputs, so that the axis of the scales shows.
            perChannel = [.. perChannel[..3], Byte(S8, true, 3, 3, 2, 2, 2), Const([1 / 128.0, 1 / 32.0, 1 / 64.0]), Const(S8, [0, 0, 0]), .. perChannel[6..]];
            yield return Case("QLinearConv", perChannel) with { Steps = 1, Note = "per channel, of more outputs" };

            // Weights beside zero are no int8 layer's.
            CaseTensor[] beside = [.. inputs];
            beside[3] = Byte(U8, true, 3, 2, 2, 2, 2);
            beside[5] = Zero(U8, 99);
            if (type == U8)
            {
                yield return Case("QLinearConv", beside) with { Steps = 1, Note = "weights beside zero" };
            }

            CaseTensor[] product = [Byte(type, false, 1, 3, 4), Scalar(1 / 64.0), Zero(type, zero), Byte(S8, true, 2, 4, 3), Scalar(1 / 128.0), Zero(S8, 0), Scalar(1 / 2.0), Zero(type, zero + 5)];
            yield return Case("QLinearMatMul", product) with { Steps = 1 };
            yield return Case("QLinearMatMul", [Byte(type, false, 1, 2, 3, 4), .. product[1..]]) with { Steps = 1, Note = "three axes" };
            yield return Case("QLinearMatMul", [.. product[..4], Const([1 / 128.0, 1 / 32.0, 1 / 64.0]), Const(S8, [0, 0, 0]), .. product[6..]]) with { Steps = 1, Note = "scales of its own" };
            yield return Case("QLinearMatMul", [.. product[..4], Const([1 / 128.0, 1 / 32.0, 1 / 64.0]), Const(S8, [1, -2, 3]), .. product[6..]]) with { Steps = 1, Note = "zero points of its own" };
            product[3] = product[3] with { IsConstant = false };
            yield return Case("QLinearMatMul", product) with { Steps = 1, Note = "two inputs" };
            yield return Case("QLinearMatMul", [.. product[..3], Byte(S8, false, 2, 4, 3), Const([1 / 128.0, 1 / 32.0, 1 / 64.0]), Const(S8, [0, 0, 0]), .. product[6..]]) with { Steps = 1, Note = "two inputs, scales of its own" };

            // A number for each row of a, which ONNX Runtime does not have: of each row alone.
            CaseTensor rows = Byte(type, false, 1, 3, 4);
            double[] scales = [1 / 64.0, 1 / 16.0, 1 / 128.0];
            double[] zeros = [zero, zero - 7, zero + 9];
            yield return Case("QLinearMatMul", [rows, Const(scales), Const(type, zeros), .. product[3..]]) with
            {
                Note = "numbers for each row",
                Expected = [.. Enumerable.Range(0, 9).Select(i => (Row: i / 3, Column: i % 3)).Select(place => Math.Clamp(
                    Math.Round(Enumerable.Range(0, 4).Sum(k => (rows.Values[(place.Row * 4) + k] - zeros[place.Row]) * product[3].Values[(k * 3) + place.Column]) * scales[place.Row] / 128 * 2) + zero + 5,
                    type == U8 ? 0 : -128, type == U8 ? 255 : 127))],
            };
        }
    }

    private static IEnumerable<OperatorCase> Contributed()
    {
        foreach (OnnxElementType type in new[] { U8, S8 })
        {
            double zero = type == U8 ? 120 : -8;
            CaseTensor Scale(double value) => Scalar(value);
            CaseTensor Z(double more = 0) => Zero(type, zero + more);
            CaseTensor x = Byte(type, false, 1, 1, 2, 4, 4);
            CaseTensor x2 = Byte(type, false, 2, 1, 2, 4, 4);
            yield return One("QLinearAdd", [x, Scale(0.03), Z(), x2, Scale(0.02), Z(3), Scale(0.04), Z(-5)]);
            yield return One("QLinearAdd", [x, Scale(0.03), Z(), Byte(type, false, 2, 4), Scale(0.0193), Z(3), Scale(0.0417), Z(-5)]);
            yield return One("QLinearMul", [x, Scale(0.03), Z(), x2 with { IsConstant = true }, Scale(0.02), Z(3), Scale(0.05), Z(-5)]);

            // Zero points left out are 0 of the tensor's type, and of the output's uint8.
            if (type == U8)
            {
                yield return One("QLinearAdd", [x, Scale(0.03), None, x2, Scale(0.02), None, Scale(0.06)]) with { Peer = One("QLinearAdd", [x, Scale(0.03), Zero(U8, 0), x2, Scale(0.02), Zero(U8, 0), Scale(0.06), Zero(U8, 0)]) };
                yield return One("QLinearMul", [x, Scale(0.03), None, x2, Scale(0.02), Z(3), Scale(0.2)]) with { Peer = One("QLinearMul", [x, Scale(0.03), Zero(U8, 0), x2, Scale(0.02), Z(3), Scale(0.2), Zero(U8, 0)]) };
                yield return One("QLinearSigmoid", [x, Scale(0.03), None, Scale(1 / 256.0)]) with { Peer = One("QLinearSigmoid", [x, Scale(0.03), Zero(U8, 0), Scale(1 / 256.0), Zero(U8, 0)]) };
                yield return One("QLinearConcat", [Scale(0.04), None, x, Scale(0.03), None, x2, Scale(0.02), Z(3)], A("axis", 1)) with { Peer = One("QLinearConcat", [Scale(0.04), Zero(U8, 0), x, Scale(0.03), Zero(U8, 0), x2, Scale(0.02), Z(3)], A("axis", 1)) };
            }

            yield return One("QLinearConcat", [Scale(0.04), Z(-5), x, Scale(0.03), Z()], A("axis", 1));
            yield return One("QLinearConcat", [new CaseTensor(OnnxElementType.Float32, [], [0.04], false), Z(-5)], A("axis", 1)) with { Refusal = "has 2 inputs; expected 2, and 3 for each part" };
            yield return One("QLinearConcat", [Scale(0.04), Z(-5), x, Scale(0.03), Z(), x2], A("axis", 1)) with { Refusal = "has 6 inputs" };
            yield return One("QLinearConcat", [Scale(0.04), Z(-5), x, Scale(0.03), Z(), x2, Scale(0.02)], A("axis", 1)) with { Refusal = "has 7 inputs" };
            yield return One("QLinearMul", [x, Scale(0.03), Z(), x2, Scale(0.02), Z(3), Scale(0.05), Z(-5)]);
            yield return One("QLinearSigmoid", [x, Scale(0.03), Z(), Scale(1 / 256.0), Zero(type, type == U8 ? 0 : -128)]);
            foreach (OperatorCase test in Each(One("QLinearLeakyRelu", [x, Scale(0.03), Z(), Scale(0.03), Z(-5)]), A("alpha", 0.3)))
            {
                yield return test;
            }

            foreach (OperatorCase test in Each(One("QLinearSoftmax", [Byte(type, false, 1, 3, 5), Scale(0.02), Z(), Scale(1 / 256.0), Zero(type, type == U8 ? 0 : -128)], A("opset", 13)), A("axis", -1)))
            {
                yield return test with { Opset = 13 };
            }

            yield return One("QLinearSoftmax", [Byte(type, false, 1, 3, 5), Scale(0.02), Z(), Scale(1 / 256.0), Zero(type, type == U8 ? 0 : -128)], A("opset", 11), A("axis", 1)) with { Opset = 11 };
            yield return One("QLinearSoftmax", [Byte(type, false, 1, 2, 3, 4), Scale(0.02), Z(), Scale(1 / 256.0), Zero(type, type == U8 ? 0 : -128)], A("opset", 13)) with { Opset = 13, Note = "three axes" };
            yield return One("QLinearSoftmax", [Byte(type, false, 1, 2, 3, 4), Scale(0.02), Z(), Scale(1 / 256.0), Zero(type, type == U8 ? 0 : -128)], A("opset", 13)) with { Opset = 11, Note = "of a newer opset" };
            yield return One("QLinearSoftmax", [Byte(type, false, 1, 2, 3, 4), Scale(0.02), Z(), Scale(1 / 256.0), Zero(type, type == U8 ? 0 : -128)], A("opset", 11), A("axis", 1)) with { Opset = 13, Note = "of an older opset", Refusal = "follows opset 11 in a model of opset 13" };
            yield return One("QLinearSoftmax", [Byte(type, false, 1, 2, 3, 4), Scale(0.02), Z(), Scale(1 / 256.0), Zero(type, type == U8 ? 0 : -128)], A("opset", 12)) with { Opset = 12, Note = "three axes" };
            yield return One("QLinearSoftmax", [Byte(type, false, 1, 2, 3, 4), Scale(0.02), Z(), Scale(1 / 256.0), Zero(type, type == U8 ? 0 : -128)], A("opset", 12)) with { Opset = 13, Note = "of an older opset, over the last where none is named" };
            yield return One("QLinearSoftmax", [Byte(type, false, 1, 2, 3, 4), Scale(0.02), Z(), Scale(1 / 64.0), Zero(type, type == U8 ? 0 : -128)], A("opset", 12), A("axis", 1)) with { Opset = 12, Note = "three axes" };
            yield return One("QLinearSoftmax", [Byte(type, false, 1, 2, 3, 4), Scale(0.02), Z(), Scale(1 / 256.0), Zero(type, type == U8 ? 0 : -128)], A("opset", 12), A("axis", 2)) with { Opset = 13, Note = "of an older opset, over the last" };
            yield return One("QLinearSoftmax", [Byte(type, false, 1, 2, 3, 4), Scale(0.02), Z(), Scale(1 / 256.0), Zero(type, type == U8 ? 0 : -128)], A("opset", 13), A("axis", 1)) with { Opset = 12, Note = "of a newer opset", Refusal = "follows opset 13 in a model of opset 12" };
            yield return One("QLinearSoftmax", [Byte(type, false, 1, 2, 3, 4), Scale(0.02), Z(), Scale(1 / 256.0), Zero(type, type == U8 ? 0 : -128)]) with { Refusal = "is missing the attribute 'opset'" };
            yield return One("QLinearSoftmax", [Byte(type, false, 1, 2, 3, 4), Scale(0.02), Z(), Scale(1 / 256.0), Zero(type, type == U8 ? 0 : -128)], A("opset", 13), A("axis", 1)) with { Opset = 13 };
            foreach (int last in new[] { 0, 1 })
            {
                yield return One("QLinearGlobalAveragePool", [x, Scale(0.03), Z(), Scale(0.0213), Z(3)], A("channels_last", last));
            }

            foreach (OperatorCase test in Each(One("QLinearAveragePool", [x, Scale(0.03), Z(), Scale(0.0213), Z(3)], A("kernel_shape", new[] { 3, 2 })), A("pads", new[] { 1, 0, 1, 1 }), A("strides", new[] { 2, 1 }), A("count_include_pad", 1)))
            {
                yield return test;
            }

            yield return One("QLinearAveragePool", [x, Scale(0.03), Z(), Scale(0.0213), Z(3)], A("kernel_shape", new[] { 3, 2 }), A("strides", new[] { 2, 1 }), A("ceil_mode", 1));

            yield return One("QLinearAveragePool", [x, Scale(0.03), Z(), Scale(0.0213), Z(3)], A("kernel_shape", new[] { 2, 3 }), A("channels_last", 1));

            // ONNX Runtime has the operator's schema and no kernel: (mean − zero) · 0.03 / 0.0213 + its zero.
            yield return One("QLinearReduceMean", [x, Scale(0.03), Z(), Scale(0.0213), Z(3)], A("axes", new[] { 2, 3 }), A("keepdims", 0)) with { Expected = [.. x.Values.Chunk(16).Select(Rounded)], Tolerance = 1.001 / 255 };
            yield return One("QLinearReduceMean", [x, Scale(0.03), Z(), Scale(0.0213), Z(3)], A("axes", new[] { 1 }), A("keepdims", 1)) with { Expected = [.. x.Values[..16].Zip(x.Values[16..], (a, b) => Rounded([a, b]))], Tolerance = 1.001 / 255 };
            double Rounded(double[] values) => Math.Clamp(Math.Round((values.Average() - zero) * 0.03 / 0.0213) + zero + 3, type == U8 ? 0 : -128, type == U8 ? 255 : 127);
            yield return One("QLinearConcat", [Scale(0.04), Z(-5), x, Scale(0.03), Z(), x2, Scale(0.02), Z(3)], A("axis", 1));
            yield return One("QLinearConcat", [Scale(0.04), Z(-5), x, Scale(0.03), Z(), x2, Scale(0.02), Z(3)], A("axis", -1));
            yield return One("QLinearWhere", [In(OnnxElementType.Bool, [1, 0, 0, 1]), Byte(type, false, 1, 3, 4), Scale(0.03), Z(), Byte(type, false, 2, 3, 4), Scale(0.02), Z(3), Scale(0.04), Z(-5)]);
            CaseTensor[] gemm = [Byte(type, false, 1, 3, 4), Scale(0.02), Z(), Weights(2, 4, 4), Scale(0.01), Zero(S8, 0), None, Scale(0.05), Z(3)];
            foreach (OperatorCase test in Each(One("QGemm", gemm), A("transB", 1), A("alpha", 0.5)))
            {
                yield return test;
            }

            gemm[6] = Const(OnnxElementType.Int32, [900, -700, 50, 0]);
            foreach (OperatorCase test in Each(One("QGemm", gemm), A("transB", 1), A("alpha", 0.5)))
            {
                yield return test;
            }

            yield return Case("com.microsoft.QGemm", [.. gemm[..7]], A("transB", 1)) with { Note = "real" };

            // A scale for each column: of axis 1, and of axis 0 where the matrix is turned. Square and not, for either axis fits a square.
            foreach ((int columns, bool turned) in new[] { (4, false), (4, true), (3, false), (3, true) })
            {
                CaseTensor[] own = [.. gemm];
                own[3] = turned ? Weights(2, columns, 4) : Weights(2, 4, columns);
                own[4] = Const([.. new[] { 0.002, 0.011, 0.03, 0.006 }[..columns]]);
                own[5] = Const(S8, new double[columns]);
                own[6] = Const(OnnxElementType.Int32, [.. new[] { 900.0, -700, 50, 0 }[..columns]]);
                CaseAttribute[] turn = turned ? [A("transB", 1)] : [];
                yield return One("QGemm", own, turn) with { Note = "scales of its own" };
                yield return One("QGemm", own, [.. turn, A("alpha", 0.5)]) with { Note = "scales of its own" };
                yield return Case("com.microsoft.QGemm", [.. own[..7]], turn) with { Note = "scales of its own, real" };
            }

            yield return One("QGemm", [Byte(type, false, 1, 4, 3), .. gemm[1..]], A("transA", 1));
        }
    }

    private static OperatorCase One(string type, CaseTensor[] inputs, params CaseAttribute[] attributes) => Case("com.microsoft." + type, inputs, attributes) with { Steps = 1 };

    private static IEnumerable<OperatorCase> DynamicLstm()
    {
        const int Hidden = 2;
        const int Features = 3;
        foreach (int directions in new[] { 1, 2 })
        {
            // ONNX Runtime rounds the sequence to 8 bits as well: its result is near, not equal.
            CaseTensor[] inputs =
            [
                X(4, 1, Features), Weights(1, directions, Features, 4 * Hidden), Weights(2, directions, Hidden, 4 * Hidden), C(directions, 8 * Hidden), None, None, None, None,
                Const([.. Enumerable.Repeat(0.004, directions)]), Const(S8, [.. Enumerable.Repeat(40.0, directions)]), Const([.. Enumerable.Repeat(0.003, directions)]), Const(S8, [.. Enumerable.Repeat(-50.0, directions)]),
            ];
            yield return Case("com.microsoft.DynamicQuantizeLSTM", inputs, A("hidden_size", Hidden), A("direction", directions == 1 ? "forward" : "bidirectional")) with { Outputs = ["y", "h", "c"], Tolerance = 0.03 };
            CaseTensor[] columns = [.. inputs];
            double[] each = [.. Enumerable.Range(0, directions * 4 * Hidden).Select(i => 0.002 + (i * 0.0004))];
            columns[8] = Const(each, directions, 4 * Hidden);
            columns[9] = Const(S8, new double[directions * 4 * Hidden], directions, 4 * Hidden);
            columns[10] = Const(each, directions, 4 * Hidden);
            columns[11] = columns[9];
            yield return Case("com.microsoft.DynamicQuantizeLSTM", columns, A("hidden_size", Hidden), A("direction", directions == 1 ? "reverse" : "bidirectional")) with { Outputs = ["y", "h", "c"], Tolerance = 0.03, Note = "per column" };
        }
    }
}
