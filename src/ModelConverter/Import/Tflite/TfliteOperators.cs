using EdgeInference.ModelConverter.Import.Tflite.Operators;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import.Tflite;

/// <summary>Adds the nodes for one operator, or throws <see cref="UnsupportedOperatorException"/>.</summary>
internal delegate void TfliteConverter(TfliteNodeContext source);

/// <summary>The operators that are imported. A test holds the list in docs/tflite.md to it.</summary>
internal static class TfliteOperators
{
    internal static readonly IReadOnlyDictionary<TfliteOperatorCode, TfliteConverter> All = new Dictionary<TfliteOperatorCode, TfliteConverter>
    {
        [TfliteOperatorCode.FULLY_CONNECTED] = FullyConnectedConverter.Convert,
        [TfliteOperatorCode.CONV_2D] = ConvConverter.Conv,
        [TfliteOperatorCode.DEPTHWISE_CONV_2D] = ConvConverter.Depthwise,
        [TfliteOperatorCode.AVERAGE_POOL_2D] = PoolConverter.Average,
        [TfliteOperatorCode.MAX_POOL_2D] = PoolConverter.Max,
        [TfliteOperatorCode.RELU] = ActivationConverter.Relu,
        [TfliteOperatorCode.RELU_N1_TO_1] = ActivationConverter.ReluN1To1,
        [TfliteOperatorCode.RELU6] = ActivationConverter.Relu6,
        [TfliteOperatorCode.LEAKY_RELU] = ActivationConverter.LeakyRelu,
        [TfliteOperatorCode.PRELU] = PReluConverter.Convert,
        [TfliteOperatorCode.ELU] = ActivationConverter.Elu,
        [TfliteOperatorCode.HARD_SWISH] = ActivationConverter.HardSwish,
        [TfliteOperatorCode.LOGISTIC] = ActivationConverter.Logistic,
        [TfliteOperatorCode.TANH] = ActivationConverter.Tanh,
        [TfliteOperatorCode.SOFTMAX] = SoftmaxConverter.Convert,
        [TfliteOperatorCode.LOG_SOFTMAX] = SoftmaxConverter.Log,
        [TfliteOperatorCode.QUANTIZE] = QuantizeConverter.Quantize,
        [TfliteOperatorCode.DEQUANTIZE] = QuantizeConverter.Dequantize,
        [TfliteOperatorCode.RESHAPE] = ReshapeConverter.Convert,
        [TfliteOperatorCode.SQUEEZE] = ReshapeConverter.Convert,
        [TfliteOperatorCode.EXPAND_DIMS] = ReshapeConverter.Convert,
        [TfliteOperatorCode.ADD] = BinaryConverter.Add,
        [TfliteOperatorCode.SUB] = BinaryConverter.Sub,
        [TfliteOperatorCode.MUL] = BinaryConverter.Mul,
        [TfliteOperatorCode.DIV] = BinaryConverter.Div,
        [TfliteOperatorCode.MAXIMUM] = ExtremumConverter.Maximum,
        [TfliteOperatorCode.MINIMUM] = ExtremumConverter.Minimum,
        [TfliteOperatorCode.POW] = UnaryConverter.Of(BinaryKind.Pow),
        [TfliteOperatorCode.SQUARED_DIFFERENCE] = UnaryConverter.SquaredDifference,
        [TfliteOperatorCode.ABS] = UnaryConverter.Of(UnaryKind.Abs),
        [TfliteOperatorCode.NEG] = UnaryConverter.Of(UnaryKind.Neg),
        [TfliteOperatorCode.EXP] = UnaryConverter.Of(UnaryKind.Exp),
        [TfliteOperatorCode.LOG] = UnaryConverter.Of(UnaryKind.Log),
        [TfliteOperatorCode.SQRT] = UnaryConverter.Of(UnaryKind.Sqrt),
        [TfliteOperatorCode.RSQRT] = UnaryConverter.ReciprocalSquareRoot,
        [TfliteOperatorCode.SQUARE] = UnaryConverter.Of(UnaryKind.Square),
        [TfliteOperatorCode.FLOOR] = UnaryConverter.Of(UnaryKind.Floor),
        [TfliteOperatorCode.CEIL] = UnaryConverter.Of(UnaryKind.Ceil),
        [TfliteOperatorCode.ROUND] = UnaryConverter.Of(UnaryKind.Round),
        [TfliteOperatorCode.SIN] = UnaryConverter.Of(UnaryKind.Sin),
        [TfliteOperatorCode.COS] = UnaryConverter.Of(UnaryKind.Cos),
        [TfliteOperatorCode.MEAN] = ReduceConverter.Mean,
        [TfliteOperatorCode.SUM] = ReduceConverter.Sum,
        [TfliteOperatorCode.REDUCE_MAX] = ReduceConverter.Max,
        [TfliteOperatorCode.REDUCE_MIN] = ReduceConverter.Min,
        [TfliteOperatorCode.CONCATENATION] = MovementConverter.Concatenation,
        [TfliteOperatorCode.PACK] = MovementConverter.Pack,
        [TfliteOperatorCode.UNPACK] = MovementConverter.Unpack,
        [TfliteOperatorCode.SPLIT] = MovementConverter.Split,
        [TfliteOperatorCode.SPLIT_V] = MovementConverter.SplitV,
        [TfliteOperatorCode.SLICE] = MovementConverter.Slice,
        [TfliteOperatorCode.STRIDED_SLICE] = MovementConverter.StridedSlice,
        [TfliteOperatorCode.TRANSPOSE] = MovementConverter.Transpose,
        [TfliteOperatorCode.PAD] = MovementConverter.Pad,
        [TfliteOperatorCode.PADV2] = MovementConverter.Pad,
        [TfliteOperatorCode.SHAPE] = MovementConverter.Shape,
        [TfliteOperatorCode.TRANSPOSE_CONV] = TransposeConvConverter.Convert,
        [TfliteOperatorCode.ARG_MAX] = ArgReduceConverter.Max,
        [TfliteOperatorCode.ARG_MIN] = ArgReduceConverter.Min,
        [TfliteOperatorCode.GATHER] = GatherConverter.Convert,
        [TfliteOperatorCode.RESIZE_NEAREST_NEIGHBOR] = ResizeConverter.Nearest,
        [TfliteOperatorCode.RESIZE_BILINEAR] = ResizeConverter.Bilinear,
        [TfliteOperatorCode.SVDF] = SvdfConverter.Convert,
        [TfliteOperatorCode.UNIDIRECTIONAL_SEQUENCE_LSTM] = LstmConverter.Convert,
        [TfliteOperatorCode.VAR_HANDLE] = VariableConverter.Handle,
        [TfliteOperatorCode.READ_VARIABLE] = VariableConverter.Read,
        [TfliteOperatorCode.ASSIGN_VARIABLE] = VariableConverter.Assign,
        [TfliteOperatorCode.CALL_ONCE] = VariableConverter.CallOnce,
    };

    internal static TfliteConverter? Find(TfliteOperatorCode code) => All.GetValueOrDefault(code);
}
