using ModelExporter.Import.Tflite.Operators;

namespace ModelExporter.Import.Tflite;

/// <summary>Adds the nodes for one operator, or throws <see cref="UnsupportedOperatorException"/>.</summary>
internal delegate void TfliteConverter(OperatorConversion source);

/// <summary>The operators that are imported. A test holds the list in docs/tflite.md to it.</summary>
internal static class TfliteOperators
{
    internal static readonly IReadOnlyDictionary<TfliteOperatorCode, TfliteConverter> All = new Dictionary<TfliteOperatorCode, TfliteConverter>
    {
        [TfliteOperatorCode.FULLY_CONNECTED] = FullyConnectedConverter.Convert,
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
        [TfliteOperatorCode.QUANTIZE] = QuantizeConverter.Quantize,
        [TfliteOperatorCode.DEQUANTIZE] = QuantizeConverter.Dequantize,
        [TfliteOperatorCode.RESHAPE] = ReshapeConverter.Convert,
        [TfliteOperatorCode.SQUEEZE] = ReshapeConverter.Convert,
        [TfliteOperatorCode.EXPAND_DIMS] = ReshapeConverter.Convert,
        [TfliteOperatorCode.ADD] = BinaryConverter.Add,
        [TfliteOperatorCode.SUB] = BinaryConverter.Sub,
        [TfliteOperatorCode.MUL] = BinaryConverter.Mul,
    };

    internal static TfliteConverter? Find(TfliteOperatorCode code) => All.GetValueOrDefault(code);
}
