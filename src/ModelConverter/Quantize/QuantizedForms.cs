using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators;
using EdgeInference.ModelConverter.Quantize.Operators;

namespace EdgeInference.ModelConverter.Quantize;

/// <summary>The int8 and int16 forms of operators, added to the graph of a quantizer.</summary>
internal sealed class QuantizedForms(Quantizer quantizer) : IQuantizedForms
{
    public bool Layer(Node node, Precision precision, int groups, bool hasOneWindow) => LayerQuantizer.TryConvert(quantizer, node, precision, groups, hasOneWindow);

    public bool Function(Node node, Precision precision) => ActivationQuantizer.TryConvert(quantizer, node, precision);

    public bool Arithmetic(Node node, Precision precision) => BinaryQuantizer.TryConvert(quantizer, node, precision);

    public bool Move(Node node, Precision precision) => PassThroughQuantizer.TryConvert(quantizer, node, precision);

    public bool Pool(Node node, Precision precision) => PoolQuantizer.TryConvert(quantizer, node, precision);

    public bool Concat(Node node, Precision precision) => ConcatQuantizer.TryConvert(quantizer, node, precision);

    public bool Pad(Node node, Precision precision) => PadQuantizer.TryConvert(quantizer, node, precision);

    public bool Reduce(Node node, Precision precision) => ReduceQuantizer.TryConvert(quantizer, node, precision);

    public bool LSTM(Node node, Precision precision) => LSTMQuantizer.TryConvert(quantizer, node, precision);

    public bool Recurrent(Node node, Precision precision) => RecurrentQuantizer.TryConvert(quantizer, node, precision);

    public bool Softmax(Node node, Precision precision) => SoftmaxQuantizer.TryConvert(quantizer, node, precision);
}
