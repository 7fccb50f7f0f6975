using ModelExporter.Graphs;
using ModelFormat;
using ModelFormat.Rules;

namespace ModelExporter.Quantize.Operators;

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
    internal static OutputStage For(Quantizer quantizer, Node layer, Precision precision)
    {
        Value before = layer.Output;
        bool alone = quantizer.Prepared.Graph.HasOneConsumer(before, out Node next)
            && next.Opcode == Opcode.Activation && next.Inputs.Count == 1 && quantizer.PrecisionOf(next) == precision;
        if (!alone)
        {
            return Plain(quantizer, before, precision, double.NegativeInfinity, double.PositiveInfinity);
        }

        switch ((ActivationKind)next.Parameters[ActivationRule.Kind])
        {
            case ActivationKind.Linear:
                quantizer.MarkDone(next);
                return Plain(quantizer, next.Output, precision, double.NegativeInfinity, double.PositiveInfinity);
            case ActivationKind.ReLU:
                quantizer.MarkDone(next);
                return Plain(quantizer, next.Output, precision, 0, double.PositiveInfinity);
            case ActivationKind.ReLU6:
                quantizer.MarkDone(next);
                return Plain(quantizer, next.Output, precision, 0, 6);
            default:
                if (precision == Precision.Int16)
                {
                    // An int16 table takes its own input range; the layer writes its linear output.
                    return Plain(quantizer, before, precision, double.NegativeInfinity, double.PositiveInfinity);
                }

                quantizer.MarkDone(next);
                return WithTable(quantizer, next);
        }
    }

    private static OutputStage Plain(Quantizer quantizer, Value source, Precision precision, double low, double high)
    {
        Quantization quantization = quantizer.QuantizationOf(source, precision);
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

    private static OutputStage WithTable(Quantizer quantizer, Node activation)
    {
        bool isFinal = quantizer.Prepared.Graph.Outputs.Contains(activation.Output);
        Precision outputPrecision = isFinal ? Precision.Int16 : Precision.Int8;
        Quantization output = ActivationRange.Output(quantizer, activation, Precision.Int8, isFinal);
        UnaryFunction function = ActivationRange.Function(activation);
        ValueRange calibrated = RangeEstimator.Estimate(quantizer.Prepared.Calibration[activation.Input(0)], quantizer.Options.Method);
        Quantization accumulator = ActivationRange.Input(function, calibrated, output.Scale).ToInt8();
        return new OutputStage
        {
            Source = activation.Output,
            Precision = outputPrecision,
            Output = new Value(activation.Output.Name, TypeOf(outputPrecision), activation.Output.Shape) { Quantization = output },
            Accumulator = accumulator,
            Min = -128,
            Max = 127,
            Table = ActivationQuantizer.Table(activation.Name + ".table", function, accumulator, output, outputPrecision),
        };
    }

    private static TensorType TypeOf(Precision precision) => precision == Precision.Int8 ? TensorType.Int8 : TensorType.Int16;

    private static int Bound(double real, Quantization quantization, int min, int max) =>
        (int)Math.Clamp(Math.Round(real / quantization.Scale, MidpointRounding.AwayFromZero) + quantization.ZeroPoint, min, max);
}
