using EdgeInference.ModelConverter.Activations;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Quantize.Operators;

/// <summary>
/// What follows a layer's accumulator: requantization, a clamp, and perhaps a table. An activation that only this layer
/// feeds is taken along: ReLU and its like as the clamp, others as a table.
/// </summary>
internal sealed record OutputStage
{
    /// <summary>The float value that the stage produces.</summary>
    internal required Value Source { get; init; }

    /// <summary>Its quantized form.</summary>
    internal required Value Output { get; init; }

    /// <summary>The precision of <see cref="Output"/>.</summary>
    internal required Precision Precision { get; init; }

    /// <summary>The scale and zero point that the accumulator is requantized to, before the table.</summary>
    internal required Quantization Accumulator { get; init; }

    /// <summary>Lowest value after requantization.</summary>
    internal required int Min { get; init; }

    /// <summary>Highest value after requantization.</summary>
    internal required int Max { get; init; }

    /// <summary>The table, or null.</summary>
    internal Value? Table { get; init; }

    /// <summary>The stage after a layer, whose activation is marked as done.</summary>
    /// <param name="quantizer">The quantizer.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="precision">Its precision.</param>
    /// <param name="table">Whether the layer's kernel looks up a table.</param>
    internal static OutputStage For(Quantizer quantizer, Node layer, Precision precision, bool table = true)
    {
        Value before = layer.Output;
        Precision of = quantizer.PrecisionOf(layer);
        bool alone = quantizer.Prepared.Graph.HasOneConsumer(before, out Node next) && quantizer.PrecisionOf(next) == of;
        if (table && quantizer.Options.FineOutputs && (alone ? quantizer.IsCompanded(next) : quantizer.Prepared.Graph.Outputs.Contains(before)))
        {
            return Plain(quantizer, before, Precision.Int16, double.NegativeInfinity, double.PositiveInfinity, alone ? CompandedSigmoid.Logits(quantizer, next) : null);
        }

        TableChain? chain = alone ? TableChain.From(quantizer, next, precision) : null;

        // The table of an int16 tensor is a separate operator.
        if (chain is null || (Clamp(next) is null && (precision == Precision.Int16 || !table)))
        {
            return Plain(quantizer, before, quantizer.FeedsFineLayer(before) ? Precision.Int16 : precision, double.NegativeInfinity, double.PositiveInfinity);
        }

        quantizer.MarkDone(next);
        return Clamp(next) is var (low, high) ? Plain(quantizer, next.Output, quantizer.FeedsFineLayer(next.Output) ? Precision.Int16 : precision, low, high) : WithTable(quantizer, chain);
    }

    private static (double Low, double High)? Clamp(Node node) =>
        node.Opcode == Opcode.Activation ? ActivationFunctions.Get((ActivationKind)node.Parameters[ActivationRule.Kind]).Clamp : null;

    private static OutputStage Plain(Quantizer quantizer, Value source, Precision precision, double low, double high, Quantization? chosen = null)
    {
        Quantization quantization = chosen ?? quantizer.QuantizationOf(source, precision);
        (int min, int max) = precision == Precision.Int8 ? (-128, 127) : (-32768, 32767);
        return new OutputStage
        {
            Source = source,
            Precision = precision,
            Output = new Value(source.Name, TypeOf(precision), source.Shape) { Quantization = quantization },
            Accumulator = quantization,
            Min = Bound(low, quantization, min, max),
            Max = Bound(high, quantization, min, max),
        };
    }

    private static OutputStage WithTable(Quantizer quantizer, TableChain chain)
    {
        chain.MarkDone(quantizer);
        Node activation = chain.Last;
        Precision outputPrecision = ActivationQuantizer.TableOutput(quantizer, activation);
        Quantization output = ActivationRange.Output(quantizer, activation, outputPrecision);
        ValueRange calibrated = quantizer.Prepared.Parts.Range(chain.First.Input(0), quantizer.Options.Method);
        Quantization accumulator = ActivationRange.Input(chain.Function, calibrated, output.Scale).ToInt8();
        return new OutputStage
        {
            Source = activation.Output,
            Precision = outputPrecision,
            Output = new Value(activation.Output.Name, TypeOf(outputPrecision), activation.Output.Shape) { Quantization = output },
            Accumulator = accumulator,
            Min = sbyte.MinValue,
            Max = sbyte.MaxValue,
            Table = ActivationQuantizer.Table(chain, accumulator, output, outputPrecision),
        };
    }

    private static TensorType TypeOf(Precision precision) => precision == Precision.Int8 ? TensorType.Int8 : TensorType.Int16;

    private static int Bound(double real, Quantization quantization, int min, int max) =>
        (int)Math.Clamp(Math.Round(real / quantization.Scale, MidpointRounding.AwayFromZero) + quantization.ZeroPoint, min, max);
}
