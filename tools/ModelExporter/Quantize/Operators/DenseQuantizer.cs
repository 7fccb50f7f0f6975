using ModelExporter.Graphs;
using ModelFormat;
using ModelFormat.Rules;

namespace ModelExporter.Quantize.Operators;

/// <summary>Dense, together with the activation that follows it.</summary>
internal static class DenseQuantizer
{
    internal static bool TryConvert(Quantizer quantizer, Node node, Precision precision)
    {
        if (!node.Input(1).IsConstant || (node.InputOrNull(2) is { IsConstant: false }))
        {
            return false;
        }

        Value input = quantizer.As(node.Input(0), precision);
        Value source = node.Input(1);
        int units = source.Shape[0];
        int depth = source.Shape[1];
        QuantizedWeights weights = Weights(quantizer, node, input);
        var end = OutputStage.For(quantizer, node, precision);
        float inputScale = input.Quantization!.Scale;

        var multipliers = new int[units];
        var shifts = new int[units];
        for (int unit = 0; unit < units; unit++)
        {
            var multiplier = QuantizedMultiplier.From((double)inputScale * weights.Scales[unit] / end.Accumulator.Scale);
            multipliers[unit] = multiplier.Multiplier;
            shifts[unit] = multiplier.Shift;
        }

        string name = source.Name;
        Value bias = precision == Precision.Int8
            ? Value.Constant(name + ".bias", Array.ConvertAll(weights.Biases, value => checked((int)value)), units)
            : Value.Constant(name + ".bias", weights.Biases, units);
        Value integers = Value.Constant(name + ".int8", weights.Weights, units, depth);
        integers.Quantization = new Quantization(weights.Scales[0], 0, quantizer.Options.PerChannel ? weights.Scales : null);
        var inputs = new List<Value?>
        {
            input, integers, bias, Value.Constant(name + ".multiplier", multipliers, units), Value.Constant(name + ".shift", shifts, units),
        };
        if (end.Table is not null)
        {
            inputs.Add(end.Table);
        }

        quantizer.Target.Nodes.Add(new Node(Opcode.Dense, node.Name, inputs, end.Output)
            .With(DenseRule.Min, end.Min)
            .With(DenseRule.Max, end.Max)
            .With(DenseRule.ZeroPoint, end.Accumulator.ZeroPoint));
        quantizer.Set(end.Source, end.Precision, end.Output);
        return true;
    }

    private static QuantizedWeights Weights(Quantizer quantizer, Node node, Value input)
    {
        float[] real = node.Input(1).Floats;
        int units = node.Input(1).Shape[0];
        int depth = node.Input(1).Shape[1];
        FeatureScales? features = quantizer.FeatureScalesOf(input);
        double[] means = quantizer.Prepared.Calibration[node.Input(0)].Means;
        var weights = new double[real.Length];
        var biases = new double[units];
        for (int unit = 0; unit < units; unit++)
        {
            biases[unit] = node.InputOrNull(2)?.Floats[unit] ?? 0;
            for (int i = 0; i < depth; i++)
            {
                double weight = real[(unit * depth) + i];
                biases[unit] += features is null ? 0 : weight * features.Offsets[i];
                weights[(unit * depth) + i] = features is null ? weight : weight * features.Scales[i];
            }
        }

        if (features is not null)
        {
            for (int i = 0; i < depth; i++)
            {
                means[i] = (means[i] - features.Offsets[i]) / features.Scales[i];
            }
        }

        return QuantizedWeights.From(weights, biases, input.Quantization!.Scale, quantizer.Options.BiasCorrection ? means : null, quantizer.Options.PerChannel);
    }
}
