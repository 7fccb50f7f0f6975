using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Tflite;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelFormat;

namespace EdgeInference.Tool.Tests.Import.Tflite.Definitions;

/// <content>Types, ranks, scales and optional inputs, and the last that is taken beside the first that is refused.</content>
public partial class TfliteRefusalTests
{
    private const TfliteType Wide = TfliteType.Int16;
    private const TfliteType Index = TfliteType.Int32;
    private const string FourDimensions = "four dimensions";
    private const string OtherScales = "moves elements between tensors of different scales";

    private static IEnumerable<(string Expected, Action<TfliteModelBuilder> Build)> MoreRows() => [.. OfFiles(), .. OfFunctions(), .. OfLayers(), .. OfMoves(), .. OfSequences(), .. OfVariables()];

    private static IEnumerable<(string Expected, Action<TfliteModelBuilder> Build)> OfFiles() =>
    [
        ("has no subgraph", m => m.WithoutSubgraphs = true),
        ("has operator 0 of kind 1 but declares 1", m => One(m, TfliteOperatorCode.CEIL, m.KindOffset = 1)),
        ("has operator 0 of kind -1 but declares 1", m => One(m, TfliteOperatorCode.CEIL, m.KindOffset = -1)),
        ("has tensor 't0' in buffer 1 but declares 1", m => One(m, TfliteOperatorCode.CEIL, m.EmptyBuffer = 1)),
        ("has tensor 't0' in buffer -1 but declares 1", m => One(m, TfliteOperatorCode.CEIL, m.EmptyBuffer = -1)),
        ("names tensor 2 but declares 2", m => m.Operator(TfliteOperatorCode.CEIL, [m.Input(Real, [2]) + 2], [m.Output(Real, [2])])),
        ("names tensor -2 but declares 2", m => m.Operator(TfliteOperatorCode.CEIL, [m.Input(Real, [2]) - 2], [m.Output(Real, [2])])),
        ("names tensor -1 but declares 2", m => m.Operator(TfliteOperatorCode.CEIL, [m.Input(Real, [2])], [m.Output(Real, [2]) - 2])),
        ("operator 0 (CEIL) is missing input 0", m => m.Operator(TfliteOperatorCode.CEIL, [m.Input(Real, [2]) - 1], [m.Output(Real, [2])])),
        ("operator 0 (CEIL) is missing input 0", m => m.Operator(TfliteOperatorCode.CEIL, [], [m.Input(Real, [2]), m.Output(Real, [2])])),
        ("with a scale that is not finite", m => m.Operator(TfliteOperatorCode.RELU, [m.Input(Small, [4], float.PositiveInfinity)], [m.Output(Small, [4], 0.1f)])),
        ("with a scale that is not finite", m => m.Operator(TfliteOperatorCode.RELU, [m.Input(Small, [4], float.NegativeInfinity)], [m.Output(Small, [4], 0.1f)])),
        ("every dimension must be 1 or more", m => m.Operator(TfliteOperatorCode.CEIL, [m.Input(Real, [2, 0])], [m.Output(Real, [2, 0])])),
        ("every dimension must be 1 or more", m => m.Operator(TfliteOperatorCode.CEIL, [m.Input(Real, [2, -1])], [m.Output(Real, [2, -1])])),
        ("their product at most", m => m.Operator(TfliteOperatorCode.CEIL, [m.Input(Real, [(FormatLayout.MaxArenaBytes / 8) + 1])], [m.Output(Real, [2])])),
        ("their product at most", m => m.Operator(TfliteOperatorCode.CEIL, [m.Input(Real, [65536, 65536, 65536, 65536])], [m.Output(Real, [2])])),
        ($"has more than {FormatLayout.MaxRank} dimensions", m => m.Operator(TfliteOperatorCode.RESHAPE, [m.Input(Real, [2])], [m.Output(Real, [.. Enumerable.Repeat(1, FormatLayout.MaxRank), 2])])),
        ("has a type that is not imported", m => m.Operator(TfliteOperatorCode.RESHAPE, [m.Input(Real, [2])], [m.Output(TfliteType.Bool, [2])])),
        ("has a type that is not imported", m => m.Operator(TfliteOperatorCode.RESHAPE, [m.Input(Real, [2])], [m.Output(TfliteType.Int4, [2], 0.1f)])),
        ("has a type that is not imported", m => m.Operator(TfliteOperatorCode.RESHAPE, [m.Constant(TfliteType.Bool, [2], [1, 0])], [m.Output(Real, [2])])),
        ("reads tensor 't0' (Float32 [2]) before it is written", m => m.Operator(TfliteOperatorCode.CEIL, [m.Tensor(Real, [2])], [m.Output(Real, [2])])),
        ("writes tensor 't1' (Float32 [2]) twice", m => Twice(m, m.Input(Real, [2]), m.Output(Real, [2]))),
        ("writes tensor 't1' (Int32 [1]) twice", m => TwiceFolded(m, m.Input(Real, [2]), m.Tensor(Index, [1]))),
        ("with scales or zero points that do not fit it", m => m.Operator(TfliteOperatorCode.RELU, [m.Raw(Small, [2], null, [0.1f], [0, 0])], [m.Output(Small, [2], 0.1f)])),
        ("with scales or zero points that do not fit it", m => m.Operator(TfliteOperatorCode.RELU, [m.Raw(Small, [2], null, [0.1f, 0.2f], [0])], [m.Output(Small, [2], 0.1f)])),
        ("with scales or zero points that do not fit it", m => m.Operator(TfliteOperatorCode.RELU, [m.Raw(Small, [2], null, [0.1f, 0.2f], [0, 0], -1)], [m.Output(Small, [2], 0.1f)])),
        ("with scales or zero points that do not fit it", m => m.Operator(TfliteOperatorCode.RELU, [m.Input(Wide, [4], 0.1f, 32768)], [m.Output(Wide, [4], 0.1f)])),
        ("with scales or zero points that do not fit it", m => m.Operator(TfliteOperatorCode.RELU, [m.Input(Wide, [4], 0.1f, -32769)], [m.Output(Wide, [4], 0.1f)])),
        ("has a zero point for each channel", m => Weights(m, m.Raw(Small, [2, 3], new byte[6], [0.1f, 0.2f], [0, 1]))),
        ("which is not what its type and shape need", m => Weights(m, m.Raw(Small, [2, 3], new byte[5], [0.1f], [0]))),
        ("which is not what its type and shape need", m => Weights(m, m.Raw(Small, [2, 3], new byte[7], [0.1f], [0]))),
        ("which is not what its type and shape need", m => Weights(m, m.Raw(TfliteType.Int4, [1, 3], new byte[1], [0.1f], [0]))),
        ("which is not what its type and shape need", m => Weights(m, m.Raw(TfliteType.Int4, [1, 3], new byte[3], [0.1f], [0]))),
        ("has no scale", m => Weights(m, m.Raw(Small, [2, 3], new byte[6], [], []))),
        ("has no scale", m => Weights(m, m.Raw(Index, [2, 3], new byte[24], [0.1f], [0]))),
        ("unpacks to far more constants", m => Repeated(m, 17)),
        ("has scales whose ratio", m => m.Operator(TfliteOperatorCode.MUL, [m.Input(Small, [4], 1e6f), m.Input(Small, [4], 1e6f)], [m.Output(Small, [4], 1e-6f)], 21)),
        ("MiB of tensors, more than an arena can hold", m => Chain(m, 7)),
    ];

    private static IEnumerable<(string Expected, Action<TfliteModelBuilder> Build)> OfFunctions() =>
    [
        ("whose scale is not 1/32768", m => Function(m, TfliteOperatorCode.LOGISTIC, m.Input(Wide, [4], 1f / 4096), m.Output(Wide, [4], 1f / 16384))),
        ("whose scale is not 1/32768", m => Function(m, TfliteOperatorCode.TANH, m.Input(Wide, [4], 1f / 4096, 1), m.Output(Wide, [4], 1f / 32768))),
        ("whose scale is not 1/32768", m => Function(m, TfliteOperatorCode.TANH, m.Input(Wide, [4], 1f / 4096), m.Output(Wide, [4], 1f / 32768, -1))),
        ("whose scale is not 1/32768", m => Function(m, TfliteOperatorCode.LOGISTIC, m.Input(Small, [4], 1f / 4096), m.Output(Wide, [4], 1f / 32768))),
        ("works on Int16; float32 and int8 are supported", m => Function(m, TfliteOperatorCode.ELU, m.Input(Wide, [4], 0.1f), m.Output(Wide, [4], 0.1f))),
        ("works on Int16; float32 and int8 are supported", m => Function(m, TfliteOperatorCode.HARD_SWISH, m.Input(Wide, [4], 0.1f), m.Output(Wide, [4], 0.1f))),

        // An input of 7 more bits has the scale 0.01, and the rule takes no ratio of 1 or more to the output's.
        ("too small, which TensorFlow Lite refuses", m => Function(m, TfliteOperatorCode.HARD_SWISH, m.Input(Small, [4], 1.28f), m.Output(Small, [4], 0.00999f))),
        ("works on Int8 and Int16", m => Function(m, TfliteOperatorCode.RELU, m.Input(Small, [4], 0.1f), m.Output(Wide, [4], 0.1f))),
        ("works on Float32 and Int8", m => Function(m, TfliteOperatorCode.RELU, m.Input(Real, [4]), m.Output(Small, [4], 0.1f))),
        ("needs one scale for tensor", m => Function(m, TfliteOperatorCode.RELU, m.Raw(Small, [2], null, [0.1f, 0.2f], [0, 0]), m.Output(Small, [2], 0.1f))),
        ("needs one scale for tensor", m => Function(m, TfliteOperatorCode.RELU, m.Input(Small, [2], 0.1f), m.Output(Small, [2]))),
        ("needs one scale for tensor", m => Function(m, TfliteOperatorCode.DEQUANTIZE, m.Raw(Small, [2], null, [0.1f, 0.2f], [0, 0]), m.Output(Real, [2]))),
        ("works on Float32; float32 is supported", m => Function(m, TfliteOperatorCode.EXP, m.Input(Real, [4]), m.Output(Small, [4], 0.1f))),
        ("works on Int8; float32 is supported", m => m.Operator(TfliteOperatorCode.POW, [m.Input(Real, [4]), m.Input(Small, [4], 0.1f)], [m.Output(Real, [4])])),
        ("works on Int8; float32 is supported", m => m.Operator(TfliteOperatorCode.SQUARED_DIFFERENCE, [m.Input(Real, [4]), m.Input(Small, [4], 0.1f)], [m.Output(Real, [4])])),
        ("works on Int8; float32 is supported", m => Function(m, TfliteOperatorCode.RSQRT, m.Input(Small, [4], 0.1f), m.Output(Real, [4]))),
        ("works on Int8; float32 is supported", m => Function(m, TfliteOperatorCode.LOG_SOFTMAX, m.Input(Small, [4], 0.1f), m.Output(Small, [4], 0.1f))),
        ("with an output scale of", m => Soft(m, Wide, 0.1f, 0, Wide, 1f / 32768, 1)),
        ("with an output scale of", m => Soft(m, Wide, 0.1f, 0, Wide, 1f / 16384, 0)),
        ("with an output scale of", m => Soft(m, Wide, 0.1f, 0, Wide, 1f / 65536, 0)),
        ("with an output scale of", m => Soft(m, Small, 0.1f, 0, Wide, 1f / 65536, 0)),
        ("with an output scale of", m => Soft(m, Small, 0.1f, 0, Wide, 1f / 32768, -32768)),
        ("with an output scale of", m => Soft(m, Small, 0.1f, 0, Wide, 1f / 131072, -32768)),
        ("with an output scale of", m => Soft(m, Wide, 0.1f, 0, Small, 1f / 256, -128)),
        ("with an output scale of", m => Soft(m, Small, 0.1f, 0, Small, 1f / 256, -128, -1f)),
        ("works on Int8, Int16 and Int8", m => m.Operator(TfliteOperatorCode.ADD, [m.Input(Small, [4], 0.1f), m.Input(Wide, [4], 0.1f)], [m.Output(Small, [4], 0.1f)], 11)),
        ("works on Int16, Int8 and Int8", m => m.Operator(TfliteOperatorCode.MUL, [m.Input(Wide, [4], 0.1f), m.Input(Small, [4], 0.1f)], [m.Output(Small, [4], 0.1f)], 21)),
        ("works on Int32, Int32 and Int32", m => m.Operator(TfliteOperatorCode.SUB, [m.Input(Index, [4]), m.Input(Index, [4])], [m.Output(Index, [4])], 28)),
        ("two tensors of one type", m => m.Operator(TfliteOperatorCode.MAXIMUM, [m.Input(Small, [4], 0.1f), m.Input(Wide, [4], 0.1f)], [m.Output(Small, [4], 0.1f)], 39)),
        ("two tensors of one type", m => m.Operator(TfliteOperatorCode.MINIMUM, [m.Input(Small, [4], 0.1f), m.Input(Small, [4], 0.1f)], [m.Output(Wide, [4], 0.1f)], 39)),
        ("two tensors of one type", m => Extremum(m, FormatLayout.MaxRank)),
        (OtherScales, m => m.Operator(TfliteOperatorCode.MAXIMUM, [m.Input(Small, [4], 0.1f), m.Input(Small, [4], 0.2f)], [m.Output(Small, [4], 0.1f)], 39)),
        (OtherScales, m => m.Operator(TfliteOperatorCode.MINIMUM, [m.Input(Small, [4], 0.1f), m.Input(Small, [4], 0.1f)], [m.Output(Small, [4], 0.1f, 1)], 39)),
        ("works on Int32; float32, int8 and int16", m => m.Operator(TfliteOperatorCode.ARG_MAX, [m.Input(Index, [3, 3]), TfliteCase.Int32(m, 0)], [m.Output(Index, [3])], 40)),
        ("works on Int8; float32 and int8 are supported", m => m.Operator(TfliteOperatorCode.PRELU, [m.Input(Small, [1, 3], 0.1f), m.Constant([1], new sbyte[] { 1 }, [0.1f])], [m.Output(Wide, [1, 3], 0.1f)])),
        ("works on Int16; float32 and int8 are supported", m => m.Operator(TfliteOperatorCode.PRELU, [m.Input(Wide, [1, 3], 0.1f), m.Constant([1], new sbyte[] { 1 }, [0.1f])], [m.Output(Small, [1, 3], 0.1f)])),
        ("works on Int8; float32 and int8 are supported", m => m.Operator(TfliteOperatorCode.PRELU, [m.Input(Small, [1, 3], 0.1f), m.Constant([1], [0.5f])], [m.Output(Small, [1, 3], 0.1f)])),
        ("has slopes of shape [5]", m => m.Operator(TfliteOperatorCode.PRELU, [m.Input(Real, [1, 3]), m.Constant([5], new float[5])], [m.Output(Real, [1, 3])])),
        ("that is not a constant", m => m.Operator(TfliteOperatorCode.PRELU, [m.Input(Real, [1, 3]), m.Input(Real, [3])], [m.Output(Real, [1, 3])])),
        ("writes Float32; int8 and int16 are supported", m => Function(m, TfliteOperatorCode.QUANTIZE, m.Input(Real, [4]), m.Output(Real, [4]))),
        ("reads Int32; float32, int8 and int16 are supported", m => Function(m, TfliteOperatorCode.QUANTIZE, m.Input(Index, [4]), m.Output(Small, [4], 0.1f))),

        // Of int32 only what fits int16.
        ("of integers of more than 16 bits", m => Function(m, TfliteOperatorCode.QUANTIZE, m.Input(Wide, [4], 1f, 1), m.Output(Index, [4], 1f))),
        ("of integers of more than 16 bits", m => Function(m, TfliteOperatorCode.QUANTIZE, m.Input(Wide, [4], 1f, -1), m.Output(Index, [4], 1f))),
        ("with one scale and zero point 0", m => Function(m, TfliteOperatorCode.QUANTIZE, m.Input(Wide, [4], 1f), m.Output(Index, [4], 2f, 1))),
        ("with one scale and zero point 0", m => Function(m, TfliteOperatorCode.QUANTIZE, m.Input(Wide, [4], 1f), m.Output(Index, [4]))),
        ("makes 't1' (Int32 [4]) of Float32", m => Function(m, TfliteOperatorCode.QUANTIZE, m.Input(Real, [4]), m.Output(Index, [4], 2f))),
    ];

    private static IEnumerable<(string Expected, Action<TfliteModelBuilder> Build)> OfLayers() =>
    [
        (FourDimensions, m => m.Operator(TfliteOperatorCode.CONV_2D, [m.Input(Real, [2, 2, 1]), m.Constant([1, 1, 1, 1], [1f])], [m.Output(Real, [1, 2, 2, 1])], 1, (1, 1), (2, 1))),
        (FourDimensions, m => m.Operator(TfliteOperatorCode.CONV_2D, [m.Input(Real, [1, 2, 2, 1]), m.Constant([1, 1, 1], [1f])], [m.Output(Real, [1, 2, 2, 1])], 1, (1, 1), (2, 1))),
        (FourDimensions, m => m.Operator(TfliteOperatorCode.CONV_2D, [m.Input(Real, [1, 2, 2, 1]), m.Constant([1, 1, 1, 1], [1f])], [m.Output(Real, [2, 2, 1])], 1, (1, 1), (2, 1))),
        ("has depthwise weights", m => m.Operator(TfliteOperatorCode.DEPTHWISE_CONV_2D, [m.Input(Real, [1, 2, 2, 2]), m.Constant([2, 1, 1, 2], new float[4])], [m.Output(Real, [1, 2, 2, 2])], 2, (1, 1), (2, 1))),
        ("with zero point 3; weights are symmetric", m => m.Operator(TfliteOperatorCode.CONV_2D, [m.Input(Small, [1, 2, 2, 4], 0.1f), m.Constant([2, 1, 1, 2], new sbyte[4], [0.5f], 0, 3)], [m.Output(Small, [1, 2, 2, 2], 0.1f)], 1, (1, 1), (2, 1))),
        (FourDimensions, m => m.Operator(TfliteOperatorCode.TRANSPOSE_CONV, [TfliteCase.Int32(m, 1, 2, 2, 1), m.Constant([1, 1, 1], [1f]), m.Input(Real, [1, 2, 2, 1])], [m.Output(Real, [1, 2, 2, 1])], 49, (1, 1), (2, 1))),
        (FourDimensions, m => m.Operator(TfliteOperatorCode.TRANSPOSE_CONV, [TfliteCase.Int32(m, 1, 2, 2, 1), m.Constant([1, 1, 1, 1], [1f]), m.Input(Real, [2, 2, 1])], [m.Output(Real, [1, 2, 2, 1])], 49, (1, 1), (2, 1))),
        ("works on Int16; float32 and int8 are supported", m => m.Operator(TfliteOperatorCode.TRANSPOSE_CONV, [TfliteCase.Int32(m, 1, 2, 2, 1), m.Constant([1, 1, 1, 1], new sbyte[] { 1 }, [0.5f]), m.Input(Wide, [1, 2, 2, 1], 0.1f)], [m.Output(Wide, [1, 2, 2, 1], 0.1f)], 49, (1, 1), (2, 1))),
        ("works on Int8 with Int8 weights and Int16 outputs", m => Layer(m, Small, m.Constant([2, 3], new sbyte[6], [0.5f]), null, Wide)),
        ("works on Int16 with Int8 weights and Int8 outputs", m => Layer(m, Wide, m.Constant([2, 3], new sbyte[6], [0.5f]), null, Small)),
        ("works on Int8 with Int16 weights and Int8 outputs", m => Layer(m, Small, m.Raw(Wide, [2, 3], new byte[12], [0.5f], [0]), null, Small)),
        ("works on Float32 with Int8 weights and Int8 outputs", m => Layer(m, Real, m.Constant([2, 3], new sbyte[6], [0.5f]), null, Small)),
        ("with zero point 3; weights are symmetric", m => Layer(m, Wide, m.Constant([2, 3], new sbyte[6], [0.5f], 0, 3), null, Wide)),
        ("without a scale", m => Layer(m, Small, m.Constant([2, 3], new sbyte[6], []), null, Small)),
        ("has a bias of type Int64 for Int8 activations", m => Layer(m, Small, m.Constant([2, 3], new sbyte[6], [0.5f]), m.Constant([2], new long[2]), Small)),
        ("has a bias of type Float32 for Int16 activations", m => Layer(m, Wide, m.Constant([2, 3], new sbyte[6], [0.5f]), m.Constant([2], new float[2]), Wide)),
        ("that is not a constant", m => Layer(m, Real, m.Input(Real, [2, 3]), null, Real)),
        (FourDimensions, m => m.Operator(TfliteOperatorCode.MAX_POOL_2D, [m.Input(Real, [2, 2, 1])], [m.Output(Real, [1, 2, 2, 1])], 5, (1, 1), (2, 1), (3, 1), (4, 1))),
        (FourDimensions, m => m.Operator(TfliteOperatorCode.MAX_POOL_2D, [m.Input(Real, [1, 2, 2, 1])], [m.Output(Real, [2, 2, 1])], 5, (1, 1), (2, 1), (3, 1), (4, 1))),
        ("makes", m => m.Operator(TfliteOperatorCode.AVERAGE_POOL_2D, [m.Input(Small, [1, 2, 2, 1], 0.1f)], [m.Output(Wide, [1, 2, 2, 1], 0.1f)], 5, (1, 1), (2, 1), (3, 1), (4, 1))),
        ("of which it changes the second and third", m => Resize(m, TfliteOperatorCode.RESIZE_NEAREST_NEIGHBOR, m.Input(Real, [1, 2, 2, 1]), m.Output(Real, [2, 2, 2, 1]))),
        ("of which it changes the second and third", m => Resize(m, TfliteOperatorCode.RESIZE_BILINEAR, m.Input(Real, [1, 2, 2, 1]), m.Output(Real, [1, 2, 2, 2]))),
        ("of which it changes the second and third", m => Resize(m, TfliteOperatorCode.RESIZE_NEAREST_NEIGHBOR, m.Input(Small, [1, 2, 2, 1], 0.1f), m.Output(Wide, [1, 2, 2, 1], 0.1f))),
        ("of which it changes the second and third", m => Resize(m, TfliteOperatorCode.RESIZE_NEAREST_NEIGHBOR, m.Input(Real, [2, 2, 1]), m.Output(Real, [1, 2, 2, 1]))),
        ("works on Int8; float32 is supported", m => Resize(m, TfliteOperatorCode.RESIZE_BILINEAR, m.Input(Small, [1, 2, 2, 1], 0.1f), m.Output(Small, [1, 2, 2, 1], 0.1f))),
        (OtherScales, m => Resize(m, TfliteOperatorCode.RESIZE_NEAREST_NEIGHBOR, m.Input(Small, [1, 2, 2, 1], 0.1f), m.Output(Small, [1, 2, 2, 1], 0.2f))),
    ];

    private static IEnumerable<(string Expected, Action<TfliteModelBuilder> Build)> OfMoves() =>
    [
        ("has 2 starts for", m => m.Operator(TfliteOperatorCode.SLICE, [m.Input(Real, [2, 3, 1]), TfliteCase.Int32(m, 0, 0), TfliteCase.Int32(m, 2, 3)], [m.Output(Real, [2, 3, 1])], 48)),
        ("indices for a different number of axes", m => Slice(m, [0], [2, 3], [1, 1])),
        ("indices for a different number of axes", m => Slice(m, [0, 0], [2], [1, 1])),
        ("indices for a different number of axes", m => Slice(m, [0, 0], [2, 3], [1])),
        ("or one outside its input", m => Slice(m, [2, 0], [3, 3], [1, 1], (4, 1))),
        ("or one outside its input", m => Slice(m, [-9, 0], [-10, 3], [-1, 1], (4, 1))),
        ("selects no element", m => Slice(m, [0, 1], [2, 1], [1, 1])),
        ("selects no element", m => Slice(m, [0, 1], [2, 1], [1, -1])),
        (OtherScales, m => m.Operator(TfliteOperatorCode.SLICE, [m.Input(Small, [3], 0.1f), TfliteCase.Int32(m, 0), TfliteCase.Int32(m, 3)], [m.Output(Small, [3], 0.2f)], 48)),
        (OtherScales, m => m.Operator(TfliteOperatorCode.PAD, [m.Input(Small, [3], 0.1f), m.Constant([1, 2], new[] { 1, 0 })], [m.Output(Small, [4], 0.2f)], 22)),
        (OtherScales, m => m.Operator(TfliteOperatorCode.PACK, [m.Input(Small, [3], 0.1f), m.Input(Small, [3], 0.1f)], [m.Output(Small, [2, 3], 0.2f)], 59)),
        (OtherScales, m => m.Operator(TfliteOperatorCode.GATHER, [m.Input(Small, [3], 0.1f), TfliteCase.Int32(m, 0)], [m.Output(Small, [1], 0.2f)], 23)),
        (OtherScales, m => m.Operator(TfliteOperatorCode.CONCATENATION, [m.Input(Small, [2], 0.1f), m.Input(Small, [2], 0.2f)], [m.Output(Small, [4], 0.1f)], 10)),
        ("has no axis, or several", m => m.Operator(TfliteOperatorCode.SPLIT, [TfliteCase.Int32(m, 0, 1), m.Input(Real, [2, 2])], [m.Output(Real, [2, 2])], 35)),
        ("makes", m => m.Operator(TfliteOperatorCode.SPLIT, [TfliteCase.Int32(m, 0), m.Input(Real, [2, 2])], [m.Output(Real, [2]), m.Output(Real, [2])], 35)),
        ("makes", m => m.Operator(TfliteOperatorCode.PACK, [m.Input(Real, [3]), m.Input(Real, [3])], [m.Output(Real, [2, 4])], 59)),
        ("gives 3 elements to", m => m.Operator(TfliteOperatorCode.SHAPE, [m.Input(Real, [2, 1, 3])], [m.Output(Index, [4])], 55)),
        ("has axis -3 of 2", m => m.Operator(TfliteOperatorCode.PACK, [m.Input(Real, [3]), m.Input(Real, [3])], [m.Output(Real, [2, 3])], 59, (1, -3))),
        ("has index -1 of 3", m => m.Operator(TfliteOperatorCode.GATHER, [m.Input(Real, [3]), m.Constant([1], [-1L])], [m.Output(Real, [1])], 23)),
        ("has index 2147483647 of 3", m => m.Operator(TfliteOperatorCode.GATHER, [m.Input(Real, [3]), m.Constant([1], [1L << 32])], [m.Output(Real, [1])], 23)),
        ("that is not a constant", m => Gathered(m, TfliteOperatorCode.CONCATENATION, [m.Constant([2, 1], new[] { 1, 0 }), m.Constant([2, 1], new[] { 0, 1 })], 10, (0, 1))),
        ("that is not a constant", m => Gathered(m, TfliteOperatorCode.PACK, [TfliteCase.Int32(m, 1, 0), TfliteCase.Int32(m, 0, 1)], 59)),
        ("that is not a constant", m => Gathered(m, TfliteOperatorCode.STRIDED_SLICE, [m.Constant([2, 2], new[] { 1, 0, 0, 1 }), TfliteCase.Int32(m, 0, 0), TfliteCase.Int32(m, 2, 2), TfliteCase.Int32(m, 1, 1)], 32)),
        ("that does not hold integers", m => m.Operator(TfliteOperatorCode.GATHER, [m.Input(Real, [3]), m.Constant([1], [1f])], [m.Output(Real, [1])], 23)),
        ("that is not a constant", m => m.Operator(TfliteOperatorCode.GATHER, [m.Input(Real, [3]), m.Input(Index, [1])], [m.Output(Real, [1])], 23)),
        ("makes", m => m.Operator(TfliteOperatorCode.RESHAPE, [m.Input(Small, [4], 0.1f)], [m.Output(Real, [4])])),
    ];

    private static IEnumerable<(string Expected, Action<TfliteModelBuilder> Build)> OfSequences()
    {
        const string Beyond = "has peepholes, a projection or layer normalisation";
        foreach (int optional in new[] { 9, 10, 11, 16, 17, 20, 21, 22, 23 })
        {
            yield return (Beyond, m => Lstm(m, inputs => inputs[optional] = m.Constant([3], new float[3])));
        }

        yield return ("with a cell clip of 9;", m => Lstm(m, clip: 9f));
        yield return ("with a cell clip of -1;", m => Lstm(m, clip: -1f));
        yield return ("applies None", m => Lstm(m, activation: FusedActivation.None));
        yield return ("applies Relu", m => Lstm(m, activation: FusedActivation.Relu, type: Small));
        yield return ("has 1001 steps; at most 1000 are supported", m => Lstm(m, clip: 10f, steps: 1001));
        yield return ("has 19 weights from input 1 on but its gates need 24", m => Lstm(m, inputs => inputs[2] = m.Constant([1], new float[1])));
        yield return ("makes", m => Lstm(m, output: Wide));
        yield return ("a cell that is not int16 with a power of two", m => Lstm(m, inputs => inputs[19] = m.Variable(Wide, [1, 3], 0.0005f), type: Small));
        yield return ("a cell that is not int16 with a power of two", m => Lstm(m, inputs => inputs[19] = m.Variable(Wide, [1, 3], 1f / 2048, 1), type: Small));
        yield return ("a cell that is not int16 with a power of two", m => Lstm(m, inputs => inputs[19] = m.Variable(Small, [1, 3], 1f / 2048), type: Small));
        yield return ("int8 [3, 2] with one scale and zero point 0 is supported", m => Lstm(m, inputs => inputs[3] = m.Constant([2, 2], new sbyte[4], [0.1f]), type: Small));
        yield return ("int8 [3, 3] with one scale and zero point 0 is supported", m => Lstm(m, inputs => inputs[6] = m.Constant([3, 3], new sbyte[9], [0.1f], 0, 1), type: Small));
        yield return ("has a bias", m => Lstm(m, inputs => inputs[13] = TfliteCase.Int32(m, 1, 2), type: Small));
        yield return ("has a bias", m => Lstm(m, inputs => inputs[13] = m.Constant([3], new long[3]), type: Small));
        yield return ("needs one scale for", m => Lstm(m, inputs => inputs[18] = m.Variable(Small, [1, 3]), type: Small));

        yield return ("of rank 0", m => Svdf(m, rank: 0));
        yield return ("of rank 4", m => Svdf(m, rank: 4, units: 1));
        yield return ("of rank 1", m => Svdf(m, rank: 1));
        yield return ("of rank 2", m => Svdf(m, time: 4));
        yield return ("of rank 2", m => Svdf(m, units: 2));
        yield return ("has weights with a zero point other than 0", m => Svdf(m, type: Small, featuresZero: 1));
        yield return ("has weights with a zero point other than 0", m => Svdf(m, type: Small, timeZero: 1));
        yield return ("has a bias of type Int64", m => Svdf(m, type: Small, bias: m.Constant([3], new long[3])));
        yield return ("has a state without a scale", m => Svdf(m, type: Small, stateScale: 0));
    }

    private static IEnumerable<(string Expected, Action<TfliteModelBuilder> Build)> OfVariables() =>
    [
        ("operator 0 (ADD) reads variable 't1' (Float32 [2])", m => m.Operator(TfliteOperatorCode.ADD, [m.Input(Real, [2]), m.Variable(Real, [2])], [m.Output(Real, [2])], 11)),
        ("calls subgraph 0 but the file has 2", m => Call(m, 0)),
        ("calls subgraph 2 but the file has 2", m => Call(m, 2)),
        ("calls subgraph -1 but the file has 2", m => Call(m, -1)),
        ("has an initial value that is not a constant: operator 2 (RELU)", m => Call(m, 1, m.InitialOperator = TfliteOperatorCode.RELU)),
        ("variable 'v' is never assigned in an inference", m => Variable(m, assign: false)),
        ("variable 'v' is never assigned in an inference", m => Variable(m, same: true)),
        ("variable 'v' changes its shape or type", m => Variable(m, shape: [1, 4])),
        ("variable 'v' changes its shape or type", m => Variable(m, type: Wide)),
        ("uses a variable without a handle", m => m.Operator(TfliteOperatorCode.READ_VARIABLE, [m.Tensor(TfliteType.Resource, [1])], [m.Output(Small, [4], 0.1f)], 112)),
    ];

    private static void One(TfliteModelBuilder m, TfliteOperatorCode code, int set)
    {
        Assert.NotEqual(0, set);
        m.Operator(code, [m.Input(Real, [2])], [m.Output(Real, [2])]);
    }

    // Only integers in a row are computed at import.
    private static void Gathered(TfliteModelBuilder m, TfliteOperatorCode code, int[] inputs, int optionsType, params (int, object)[] options)
    {
        int indices = m.Tensor(Index, [2, 2]);
        m.Operator(code, inputs, [indices], optionsType, options);
        m.Operator(TfliteOperatorCode.GATHER, [m.Input(Real, [3]), indices], [m.Output(Real, [2, 2])], 23);
    }

    private static void Twice(TfliteModelBuilder m, int input, int output)
    {
        m.Operator(TfliteOperatorCode.CEIL, [input], [output]);
        m.Operator(TfliteOperatorCode.FLOOR, [input], [output]);
    }

    private static void TwiceFolded(TfliteModelBuilder m, int input, int shape)
    {
        m.Operator(TfliteOperatorCode.SHAPE, [input], [shape], 55);
        m.Operator(TfliteOperatorCode.SHAPE, [input], [shape], 55);
        m.Operator(TfliteOperatorCode.CEIL, [input], [m.Output(Real, [2])]);
    }

    private static void Weights(TfliteModelBuilder m, int weights) => m.Operator(TfliteOperatorCode.FULLY_CONNECTED, [m.Input(Real, [1, 3]), weights], [m.Output(Real, [1, 2])], 8);

    // So many tensors of one buffer of a MiB, four bytes for each of its elements.
    private static void Repeated(TfliteModelBuilder m, int count)
    {
        const int Size = 1 << 20;
        List<int> inputs = [m.Constant([Size], new sbyte[Size], [0.1f])];
        while (inputs.Count < count)
        {
            inputs.Add(m.Again(Small, [Size], 0.1f));
        }

        m.Operator(TfliteOperatorCode.CONCATENATION, [.. inputs], [m.Output(Small, [count * Size], 0.1f)], 10);
    }

    // The input and so many more tensors of 128 MiB.
    private static void Chain(TfliteModelBuilder m, int count)
    {
        int[] shape = [FormatLayout.MaxArenaBytes / 8];
        int last = m.Input(Real, shape);
        for (int i = 1; i < count; i++)
        {
            int next = m.Tensor(Real, shape);
            m.Operator(TfliteOperatorCode.RESHAPE, [last], [next]);
            last = next;
        }

        m.Operator(TfliteOperatorCode.RESHAPE, [last], [m.Output(Real, shape)]);
    }

    private static void Function(TfliteModelBuilder m, TfliteOperatorCode code, int input, int output) => m.Operator(code, [input], [output]);

    private static void Soft(TfliteModelBuilder m, TfliteType from, float scale, int zero, TfliteType to, float outScale, int outZero, float beta = 1f) =>
        m.Operator(TfliteOperatorCode.SOFTMAX, [m.Input(from, [1, 4], scale, zero)], [m.Output(to, [1, 4], outScale, outZero)], 9, (0, beta));

    private static void Extremum(TfliteModelBuilder m, int rank)
    {
        int[] shape = [.. Enumerable.Repeat(1, rank - 1), 4];
        m.Operator(TfliteOperatorCode.MAXIMUM, [m.Input(Small, shape, 0.1f), m.Input(Small, shape, 0.1f)], [m.Output(Small, shape, 0.1f)], 39);
    }

    private static void Layer(TfliteModelBuilder m, TfliteType input, int weights, int? bias, TfliteType output) => m.Operator(
        TfliteOperatorCode.FULLY_CONNECTED,
        [m.Input(input, [1, 3], input == Real ? 0 : 0.1f), weights, bias ?? -1],
        [m.Output(output, [1, 2], output == Real ? 0 : 0.1f)],
        8);

    // One place, so that the matrix has channels · channels elements.
    private static void Deep(TfliteModelBuilder m, int channels) => m.Operator(
        TfliteOperatorCode.DEPTHWISE_CONV_2D,
        [m.Input(Wide, [1, 1, 1, channels], 0.001f), m.Constant([1, 1, 1, channels], new sbyte[channels], [0.01f], 3)],
        [m.Output(Wide, [1, 1, 1, channels], 0.001f)],
        2,
        (1, 1),
        (2, 1),
        (3, 1));

    private static void Resize(TfliteModelBuilder m, TfliteOperatorCode code, int input, int output) =>
        m.Operator(code, [input, TfliteCase.Int32(m, 2, 2)], [output], code == TfliteOperatorCode.RESIZE_BILINEAR ? 15 : 74);

    private static void Lstm(
        TfliteModelBuilder m, Action<int[]>? change = null, float clip = 0, FusedActivation activation = FusedActivation.Tanh, int steps = 2, TfliteType type = Real, TfliteType? output = null)
    {
        bool real = type == Real;
        int[] inputs = [.. Enumerable.Repeat(-1, 24)];
        inputs[0] = m.Input(type, [1, steps, 2], real ? 0 : 0.1f);
        for (int gate = 0; gate < 4; gate++)
        {
            inputs[1 + gate] = real ? m.Constant([3, 2], new float[6]) : m.Constant([3, 2], new sbyte[6], [0.1f]);
            inputs[5 + gate] = real ? m.Constant([3, 3], new float[9]) : m.Constant([3, 3], new sbyte[9], [0.1f]);
            inputs[12 + gate] = real ? m.Constant([3], new float[3]) : TfliteCase.Int32(m, 0, 0, 0);
        }

        inputs[18] = m.Variable(type, [1, 3], real ? 0 : 0.01f);
        inputs[19] = m.Variable(real ? Real : Wide, [1, 3], real ? 0 : 1f / 2048);
        change?.Invoke(inputs);
        m.Operator(
            TfliteOperatorCode.UNIDIRECTIONAL_SEQUENCE_LSTM,
            inputs,
            [m.Output(output ?? type, [1, steps, 3], real && output is null ? 0 : 0.01f)],
            71,
            (0, (byte)activation),
            (1, clip));
    }

    private static void Svdf(TfliteModelBuilder m, int rank = 2, int time = 6, int units = 3, TfliteType type = Real, int featuresZero = 0, int timeZero = 0, int bias = -1, float stateScale = 0.1f)
    {
        bool real = type == Real;
        m.Operator(
            TfliteOperatorCode.SVDF,
            [
                m.Input(type, [1, 2], real ? 0 : 0.1f),
                real ? m.Constant([6, 2], new float[12]) : m.Constant([6, 2], new sbyte[12], [0.1f], 0, featuresZero),
                real ? m.Constant([time, 2], new float[2 * time]) : m.Constant([time, 2], new sbyte[2 * time], [0.1f], 0, timeZero),
                bias,
                m.Variable(type, [1, 12], real ? 0 : stateScale),
            ],
            [m.Output(type, [1, units], real ? 0 : 0.1f)],
            6,
            (0, rank));
    }

    private static void Call(TfliteModelBuilder m, int subgraph, TfliteOperatorCode? also = null)
    {
        Assert.Equal(also, m.InitialOperator);
        m.Initialize("v", [4], 0, 0.1f);
        Variable(m);
        m.Operator(TfliteOperatorCode.CALL_ONCE, [], [], 103, (0, subgraph));
    }

    private static void Variable(TfliteModelBuilder m, bool assign = true, bool same = false, int[]? shape = null, TfliteType type = Small)
    {
        int handle = m.Tensor(TfliteType.Resource, [1]);
        int old = m.Output(Small, [4], 0.1f);
        int input = m.Input(type, shape ?? [4], 0.1f);
        m.Operator(TfliteOperatorCode.VAR_HANDLE, [], [handle], 111, (0, ""), (1, "v"));
        m.Operator(TfliteOperatorCode.READ_VARIABLE, [handle], [old], 112);
        int next = m.Tensor(type, shape ?? [4], 0.1f);
        m.Operator(TfliteOperatorCode.RELU, [input], [next]);
        if (assign)
        {
            m.Operator(TfliteOperatorCode.ASSIGN_VARIABLE, [handle, same ? old : next], [], 113);
        }
    }

    // The last that is taken, where a row above is the first that is refused.
    private static readonly (string Name, Action<TfliteModelBuilder> Build)[] taken =
    [
        ("the largest tensor", m => Chain(m, 6)),
        ("the highest rank", m => m.Operator(TfliteOperatorCode.RESHAPE, [m.Input(Real, [2])], [m.Output(Real, [.. Enumerable.Repeat(1, FormatLayout.MaxRank - 1), 2])])),
        ("sixteen constants of one buffer", m => Repeated(m, 16)),
        ("an int16 zero point at either end", m => Function(m, TfliteOperatorCode.RELU, m.Input(Wide, [4], 0.1f, -32768), m.Output(Wide, [4], 0.1f, 32767))),
        ("an odd number of int4", m => Weights(m, m.Raw(TfliteType.Int4, [1, 3], new byte[2], [0.1f], [0]))),
        ("a gate of the largest scale", m => Function(m, TfliteOperatorCode.HARD_SWISH, m.Input(Small, [4], 1.28f), m.Output(Small, [4], 0.0101f))),
        ("the ends of int16 from int16", m => Function(m, TfliteOperatorCode.QUANTIZE, m.Input(Wide, [4], 1f), m.Output(Index, [4], 1f))),
        ("the highest rank of an extremum", m => Extremum(m, FormatLayout.MaxRank - 1)),
        ("int16 in thousands of groups", m => Deep(m, 2049)),
        ("a thousand bounded steps", m => Lstm(m, clip: 9.1f, steps: 1000)),
        ("more steps without a bound", m => Lstm(m, steps: 1001)),
        ("more steps of integers with a bound", m => Lstm(m, clip: 9.1f, steps: 1001, type: Small)),
        ("an LSTM of integers", m => Lstm(m, type: Small)),
        ("SVDF", m => Svdf(m)),
        ("SVDF of integers", m => Svdf(m, type: Small)),
        ("a variable", m => Variable(m)),
        ("a subgraph of first values", m => Call(m, 1)),
        ("int16 with int32 biases", m => Layer(m, Wide, m.Constant([2, 3], new sbyte[6], [0.5f]), TfliteCase.Int32(m, 1, 2), Wide)),
        ("int16 softmax a little off", m => Soft(m, Wide, 0.1f, 0, Wide, 1.0005f / 32768, 0)),
        ("the first axis from the end", m => m.Operator(TfliteOperatorCode.PACK, [m.Input(Real, [3]), m.Input(Real, [3])], [m.Output(Real, [2, 3])], 59, (1, -2))),
    ];

    public static TheoryData<int, string> Taken => [.. taken.Select((row, i) => (i, row.Name))];

    [Theory]
    [MemberData(nameof(Taken))]
    public void What_is_just_within_a_bound_is_imported(int index, string name)
    {
        var model = new TfliteModelBuilder();
        taken[index].Build(model);
        EdgeInference.ModelConverter.Graphs.Graph graph = TfliteImporter.Import(model.Build(), name + ".tflite");
        Assert.NotEmpty(graph.Outputs);
    }

    // In units of the cell, 1/2048, cut, and at most 32767.
    [Theory]
    [InlineData(0f, 0)]
    [InlineData(0.00073f, 1)]
    [InlineData(3f, 6144)]
    [InlineData(15.9999f, 32767)]
    [InlineData(100f, 32767)]
    public void A_cell_of_integers_is_bounded_in_its_own_scale(float clip, int bound)
    {
        var m = new TfliteModelBuilder();
        Lstm(m, clip: clip, type: Small);
        Node layer = TfliteImporter.Import(m.Build(), "x.tflite").Nodes.Single(node => node.Opcode == Opcode.QuantizedLSTM);
        Assert.Equal(bound, layer.Parameters[EdgeInference.ModelFormat.Rules.QuantizedLSTMRule.CellClip]);
    }

    // 0.1 · 0.1 in single precision, over 1/4096, is 0.64 · 2^6.
    [Fact]
    public void A_gate_of_integers_multiplies_scales_in_single_precision()
    {
        var m = new TfliteModelBuilder();
        Lstm(m, type: Small);
        int[] multipliers = (int[])TfliteImporter.Import(m.Build(), "x.tflite").Nodes.Single(node => node.Opcode == Opcode.QuantizedLSTM).Inputs[EdgeInference.ModelFormat.Rules.QuantizedLSTMRule.InputFactors]!.Data!;
        Assert.Equal((int)Math.Round((double)(float)(0.1f * 0.1f) * 64 * (1L << 31)), multipliers[0]);
        Assert.NotEqual((int)Math.Round((double)0.1f * 0.1f * 64 * (1L << 31)), multipliers[0]);
    }

    // The format's rules refuse these when the model is written.
    [Fact]
    public void Integers_that_only_move_keep_their_scale()
    {
        foreach (TfliteOperatorCode code in new[]
        {
            TfliteOperatorCode.REDUCE_MAX, TfliteOperatorCode.REDUCE_MIN,
            TfliteOperatorCode.MAX_POOL_2D, TfliteOperatorCode.AVERAGE_POOL_2D, TfliteOperatorCode.UNPACK, TfliteOperatorCode.SPLIT,
        })
        {
            KeepsScale(code);
        }
    }

    private static void KeepsScale(TfliteOperatorCode code)
    {
        foreach ((float scale, int zero) in new[] { (0.2f, 7), (0.1f, 8), (0.1f, 7) })
        {
            var m = new TfliteModelBuilder();
            int input = m.Input(Small, [1, 2, 2, 1], 0.1f, 7);
            int output = m.Output(Small, code is TfliteOperatorCode.UNPACK ? [2, 2, 1] : [1, 2, 2, 1], scale, zero);
            int[] inputs = code switch
            {
                TfliteOperatorCode.REDUCE_MAX or TfliteOperatorCode.REDUCE_MIN => [input, TfliteCase.Int32(m, 0)],
                TfliteOperatorCode.SPLIT => [TfliteCase.Int32(m, 0), input],
                _ => [input],
            };
            (int, object)[] pool = [(1, 1), (2, 1), (3, 1), (4, 1)];
            bool pools = code is TfliteOperatorCode.MAX_POOL_2D or TfliteOperatorCode.AVERAGE_POOL_2D;
            m.Operator(code, inputs, [output], pools ? 5 : 0, pools ? pool : []);
            Exception? refused = Record.Exception(() => ModelWriter.Write(TfliteImporter.Import(m.Build(), "x.tflite")));
            Assert.True(scale == 0.1f && zero == 7 ? refused is null : refused is InputException or ModelFormatException, $"{code}, {scale}, {zero}: {refused}");
        }
    }
}
