using EdgeInference.ModelConverter.Import.Tflite;

namespace EdgeInference.Tool.Tests.Import.Tflite.Definitions;

/// <summary>Each form of an operator that is not imported is refused by its reason, and what is just within a bound is taken.</summary>
public partial class TfliteRefusalTests
{
    private const TfliteType Real = TfliteType.Float32;
    private const TfliteType Small = TfliteType.Int8;

    private static readonly (string Expected, Action<TfliteModelBuilder> Build)[] rows =
    [
        ("has shuffled weights, which are not supported", m => Dense(m, 5, 12, options: [(0, (byte)0), (1, (byte)1)])),
        ("has weights of 3 dimensions", m => m.Operator(TfliteOperatorCode.FULLY_CONNECTED, [m.Input(Real, [1, 2]), m.Constant([1, 2, 1], [1f, 2f])], [m.Output(Real, [1, 2])], 8)),
        ("with weights for 5 features", m => m.Operator(TfliteOperatorCode.FULLY_CONNECTED, [m.Input(Real, [1, 2]), m.Constant([1, 5], [1f, 2f, 3f, 4f, 5f])], [m.Output(Real, [1, 1])], 8)),
        ("with zero point 3; weights are symmetric", m => m.Operator(TfliteOperatorCode.TRANSPOSE_CONV,
            [TfliteCase.Int32(m, 1, 2, 2, 1), m.Constant([1, 1, 1, 1], new sbyte[] { 5 }, [0.5f], 0, 3), m.Input(Small, [1, 2, 2, 1], 0.1f)], [m.Output(Small, [1, 2, 2, 1], 0.1f)], 49, (0, (byte)1), (1, 1), (2, 1))),
        ("has 12 scales for 5 channels", m => Dense(m, 5, 12, scales: [.. Enumerable.Range(1, 12).Select(i => 0.01f * i)], axis: 1)),
        ("has a bias of 4 elements for 5 channels", m => Dense(m, 5, 12, bias: 4)),
        ("has axis 4 of 4", m => Reduce(m, 4)),
        ("has axis -5 of 4", m => Reduce(m, -5)),
        ("whose scale is not 1/256 with zero point -128", m => m.Operator(TfliteOperatorCode.LOGISTIC, [m.Input(Small, [4], 0.1f)], [m.Output(Small, [4], 1f / 128, -128)])),
        ("whose scale is not 1/256 with zero point -128", m => m.Operator(TfliteOperatorCode.LOGISTIC, [m.Input(Small, [4], 0.1f)], [m.Output(Small, [4], 1f / 256, -127)])),
        ("whose scale is not 1/128 with zero point 0", m => m.Operator(TfliteOperatorCode.TANH, [m.Input(Small, [4], 0.1f)], [m.Output(Small, [4], 1f / 128, 1)])),
        ("with an output scale of 0.5", m => m.Operator(TfliteOperatorCode.SOFTMAX, [m.Input(Small, [1, 4], 0.1f)], [m.Output(Small, [1, 4], 0.5f, -128)], 9, (0, 1f))),
        ("with an output scale of 0.00390625", m => m.Operator(TfliteOperatorCode.SOFTMAX, [m.Input(Small, [1, 4], 0.1f)], [m.Output(Small, [1, 4], 1f / 256, -128)], 9, (0, 0f))),
        ("applies an activation", m => m.Operator(TfliteOperatorCode.CONCATENATION, [m.Input(Real, [2]), m.Input(Real, [2])], [m.Output(Real, [4])], 10, (1, (byte)1))),
        ("has an ellipsis, a new axis", m => Slice(m, (2, 1))),
        ("has an ellipsis, a new axis", m => Slice(m, (3, 1))),
        ("has an ellipsis, a new axis", m => Slice(m, (5, true))),
        ("has a step of 0", m => Slice(m, [0, 0], [2, 3], [1, 0])),
        ("selects no element", m => Slice(m, [1, 0], [1, 3], [1, 1])),
        ("selects no element", m => Slice(m, [2, 0], [3, 3], [1, 1])),
        ("has axis 2 of 2", m => m.Operator(TfliteOperatorCode.CONCATENATION, [m.Input(Real, [1, 2]), m.Input(Real, [1, 2])], [m.Output(Real, [1, 4])], 10, (0, 2))),
        ("has axis -3 of 2", m => m.Operator(TfliteOperatorCode.CONCATENATION, [m.Input(Real, [1, 2]), m.Input(Real, [1, 2])], [m.Output(Real, [1, 4])], 10, (0, -3))),
        ("moves elements between tensors of different scales", m => m.Operator(TfliteOperatorCode.CONCATENATION, [m.Input(Small, [2], 0.1f, 7), m.Input(Small, [2], 0.1f, 8)], [m.Output(Small, [4], 0.1f, 7)], 10)),
        ("moves elements between tensors of different scales", m => m.Operator(TfliteOperatorCode.CONCATENATION, [m.Input(Small, [2], 0.1f, 7), m.Input(Small, [2], 0.1f, 7)], [m.Output(Small, [4], 0.2f, 7)], 10)),
        ("has batch_dims", m => m.Operator(TfliteOperatorCode.GATHER, [m.Input(Real, [3]), TfliteCase.Int32(m, 1)], [m.Output(Real, [1])], 23, (1, 1))),
        ("has index 3 of 3", m => m.Operator(TfliteOperatorCode.GATHER, [m.Input(Real, [3]), TfliteCase.Int32(m, 3)], [m.Output(Real, [1])], 23)),
        ("has index -1 of 3", m => m.Operator(TfliteOperatorCode.GATHER, [m.Input(Real, [3]), TfliteCase.Int32(m, -1)], [m.Output(Real, [1])], 23)),
        ("names 2 axes; one is supported", m => m.Operator(TfliteOperatorCode.ARG_MAX, [m.Input(Real, [3, 3]), TfliteCase.Int32(m, 0, 1)], [m.Output(TfliteType.Int32, [3])], 40)),
        ("has slopes of shape [2, 3]", m => m.Operator(TfliteOperatorCode.PRELU, [m.Input(Real, [2, 3]), m.Constant([2, 3], new float[6])], [m.Output(Real, [2, 3])])),
        ("has slopes of shape [3, 1]", m => m.Operator(TfliteOperatorCode.PRELU, [m.Input(Real, [3, 3]), m.Constant([3, 1], new float[3])], [m.Output(Real, [3, 3])])),
        ("with scales or zero points that do not fit it", m => Dense(m, 5, 12, scales: [0f])),
        ("with scales or zero points that do not fit it", m => Dense(m, 5, 12, scales: [-1f])),
        ("with a scale that is not finite", m => Dense(m, 5, 12, scales: [float.NaN])),
        ("with scales or zero points that do not fit it", m => Dense(m, 5, 12, scales: [0.1f, 0.2f, 0.3f, 0.4f])),
        ("with scales or zero points that do not fit it", m => Dense(m, 5, 12, scales: [0.1f, 0.2f, 0.3f, 0.4f, 0.5f], axis: 2)),
        ("with scales or zero points that do not fit it", m => m.Operator(TfliteOperatorCode.RELU, [m.Input(Small, [4], 0.1f, 128)], [m.Output(Small, [4], 0.1f)])),
        ("with scales or zero points that do not fit it", m => m.Operator(TfliteOperatorCode.RELU, [m.Input(Small, [4], 0.1f, -129)], [m.Output(Small, [4], 0.1f)])),
        ("works on Int8; float32 is supported", m => m.Operator(TfliteOperatorCode.EXP, [m.Input(Small, [4], 0.1f)], [m.Output(Small, [4], 0.1f)])),
        ("divides quantized tensors", m => m.Operator(TfliteOperatorCode.DIV, [m.Input(Small, [4], 0.1f), m.Input(Small, [4], 0.1f)], [m.Output(Small, [4], 0.1f)], 29)),
        ("applies the activation SignBit", m => m.Operator(TfliteOperatorCode.ADD, [m.Input(Real, [4]), m.Input(Real, [4])], [m.Output(Real, [4])], 11, (0, (byte)5))),
        ("applies the activation SignBit to a quantized result", m => m.Operator(TfliteOperatorCode.ADD, [m.Input(Small, [4], 0.1f), m.Input(Small, [4], 0.1f)], [m.Output(Small, [4], 0.1f)], 11, (0, (byte)5))),
        ("has weights for 3 channels but its input has 4", m => m.Operator(TfliteOperatorCode.CONV_2D, [m.Input(Real, [1, 2, 2, 4]), m.Constant([1, 1, 1, 3], new float[3])], [m.Output(Real, [1, 2, 2, 1])], 1, (1, 1), (2, 1))),
        ("has depthwise weights", m => m.Operator(TfliteOperatorCode.DEPTHWISE_CONV_2D, [m.Input(Real, [1, 2, 2, 4]), m.Constant([1, 1, 1, 6], new float[6])], [m.Output(Real, [1, 2, 2, 6])], 2, (1, 1), (2, 1))),
        ("makes", m => m.Operator(TfliteOperatorCode.RESHAPE, [m.Input(Real, [4])], [m.Output(Real, [5])])),
        ("orders the axes 0, 0", m => m.Operator(TfliteOperatorCode.TRANSPOSE, [m.Input(Real, [2, 2]), TfliteCase.Int32(m, 0, 0)], [m.Output(Real, [2, 2])])),
        ("has 2 amounts for", m => m.Operator(TfliteOperatorCode.PAD, [m.Input(Real, [2, 2]), TfliteCase.Int32(m, 1, 1)], [m.Output(Real, [4, 2])])),
    ];

    public static TheoryData<int, string> Rows => [.. rows.Concat(MoreRows()).Select((row, i) => (i, row.Expected))];

    [Theory]
    [MemberData(nameof(Rows))]
    public void What_is_not_imported_is_said(int index, string expected)
    {
        var model = new TfliteModelBuilder();
        rows.Concat(MoreRows()).ElementAt(index).Build(model);
        string message = Assert.Throws<InputException>(() => TfliteImporter.Import(model.Build(), "x.tflite")).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Theory]
    [InlineData(-128)]
    [InlineData(127)]
    public void Zero_points_at_the_ends_of_int8_are_taken(int zeroPoint)
    {
        var model = new TfliteModelBuilder();
        model.Operator(TfliteOperatorCode.RELU, [model.Input(Small, [4], 0.1f, zeroPoint)], [model.Output(Small, [4], 0.1f, zeroPoint)]);
        Assert.Equal(zeroPoint, TfliteImporter.Import(model.Build(), "x.tflite").Inputs[0].Quantization!.ZeroPoint);
    }

    [Fact]
    public void Codes_in_the_older_field_alone_are_read()
    {
        var model = new TfliteModelBuilder { OlderCodes = true };
        model.Operator(TfliteOperatorCode.CEIL, [model.Input(Real, [2])], [model.Output(Real, [2])]);
        Assert.Equal([2f, -1f], Keras.KerasArrays.Run(TfliteImporter.Import(model.Build(), "x.tflite"), [1.5f, -1.5f]));
    }

    [Fact]
    public void All_that_is_wrong_is_said_at_once()
    {
        var model = new TfliteModelBuilder();
        int middle = model.Tensor(Small, [4], 0.1f);
        model.Operator(TfliteOperatorCode.EXP, [model.Input(Small, [4], 0.1f)], [middle]);
        model.Operator(TfliteOperatorCode.LOG, [middle], [model.Output(Small, [4], 0.1f)]);
        string message = Assert.Throws<InputException>(() => TfliteImporter.Import(model.Build(), "x.tflite")).Message;
        Assert.Contains("EXP", message, StringComparison.Ordinal);
        Assert.Contains("LOG", message, StringComparison.Ordinal);
    }

    private static void Dense(TfliteModelBuilder m, int units, int depth, float[]? scales = null, int axis = 0, int bias = 0, (int, object)[]? options = null)
    {
        List<int> inputs = [m.Input(Small, [1, depth], 0.1f), m.Constant([units, depth], new sbyte[units * depth], scales ?? [0.5f], axis)];
        if (bias > 0)
        {
            inputs.Add(TfliteCase.Int32(m, new int[bias]));
        }

        m.Operator(TfliteOperatorCode.FULLY_CONNECTED, [.. inputs], [m.Output(Small, [1, units], 0.1f)], 8, options ?? []);
    }

    private static void Reduce(TfliteModelBuilder m, int axis) => m.Operator(TfliteOperatorCode.MEAN, [m.Input(Real, [2, 2, 2, 2]), TfliteCase.Int32(m, axis)], [m.Output(Real, [2, 2, 2])], 27);

    private static void Slice(TfliteModelBuilder m, (int, object) option) => Slice(m, [0, 0], [2, 3], [1, 1], option);

    private static void Slice(TfliteModelBuilder m, int[] begin, int[] end, int[] step, params (int, object)[] options) =>
        m.Operator(TfliteOperatorCode.STRIDED_SLICE, [m.Input(Real, [2, 3]), TfliteCase.Int32(m, begin), TfliteCase.Int32(m, end), TfliteCase.Int32(m, step)], [m.Output(Real, [2, 3])], 32, options);
}
