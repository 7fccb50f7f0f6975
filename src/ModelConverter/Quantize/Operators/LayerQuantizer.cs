using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Quantize.Operators;

/// <summary>Dense, Conv and ConvTranspose, together with the activation that follows them. All have their first six inputs and parameters in common.</summary>
internal static class LayerQuantizer
{
    internal static bool TryConvert(Quantizer quantizer, Node node, Precision precision, int groups, bool hasOneWindow)
    {
        if (!node.Input(1).IsConstant || (node.InputOrNull(2) is { IsConstant: false }))
        {
            return false;
        }

        if (quantizer.FeedsFineLayer(node.Input(0)))
        {
            precision = Precision.Int16;
        }

        Value source = node.Input(1);
        int units = source.Shape[0];
        if (precision == Precision.Int16 && source.Elements / units > DenseRule.MaxWideProducts)
        {
            return false;
        }

        Value input = quantizer.Convert(node.Input(0), precision);
        var end = OutputStage.For(quantizer, node, precision);
        QuantizedWeights weights = Weights(quantizer, node, input, end.Accumulator, groups, hasOneWindow);
        float inputScale = input.Quantization!.Scale;

        var multipliers = new int[units];
        var shifts = new sbyte[units];
        for (int unit = 0; unit < units; unit++)
        {
            var multiplier = QuantizedMultiplier.From((double)inputScale * weights.Scales[unit] / end.Accumulator.Scale);
            multipliers[unit] = multiplier.Multiplier;
            shifts[unit] = (sbyte)multiplier.Shift;
        }

        string name = source.Name;
        Value bias = precision == Precision.Int8
            ? Value.Constant(name + ".bias", Array.ConvertAll(weights.Biases, value => checked((int)value)), units)
            : Value.Constant(name + ".bias", weights.Biases, units);
        Value integers = HasHalves(node, precision)
            ? Value.Constant(name + ".halves", weights.Halves(), units, 2, source.LastDimension)
            : Value.Constant(name + ".int8", weights.Weights, source.Shape);
        integers.Quantization = new Quantization(weights.Scales[0], 0, quantizer.Options.PerChannel ? weights.Scales : null);
        var inputs = new List<Value?>
        {
            input, integers, bias, Value.Constant(name + ".multiplier", multipliers, units), Value.Constant(name + ".shift", shifts, units),
        };
        if (end.Table is not null)
        {
            inputs.Add(end.Table);
        }

        var layer = new Node(node.Opcode, node.Name, inputs, end.Output);
        node.Parameters.CopyTo(layer.Parameters, 0);
        quantizer.Target.Nodes.Add(layer
            .With(DenseRule.Min, end.Min)
            .With(DenseRule.Max, end.Max)
            .With(DenseRule.ZeroPoint, end.Accumulator.ZeroPoint));
        quantizer.Set(end.Source, end.Precision, end.Output);
        return true;
    }

    // Kernels of weights of 16 bits are those of Dense.
    private static bool HasHalves(Node node, Precision precision) =>
        node.Opcode == Opcode.Dense && precision == Precision.Int16 && node.Input(1).LastDimension <= DenseRule.MaxHalvesProducts;

    private static QuantizedWeights Weights(Quantizer quantizer, Node node, Value input, Quantization accumulator, int groups, bool hasOneWindow)
    {
        float[] real = node.Input(1).Floats;
        int units = node.Input(1).Shape[0];
        int depth = real.Length / units;

        // A Dense layer reads every channel, a convolution those of its group, over and over for each place of its window.
        int channels = node.Input(1).LastDimension;
        bool correct = quantizer.Options.BiasCorrection && hasOneWindow;
        FeatureScales? features = quantizer.FeatureScalesOf(input);
        double[] channelMeans = quantizer.Prepared.Calibration[node.Input(0)].Means;
        var weights = new double[real.Length];
        var means = new double[real.Length];
        var biases = new double[units];
        for (int unit = 0; unit < units; unit++)
        {
            int firstChannel = unit / (units / groups) * channels;
            biases[unit] = node.InputOrNull(2)?.Floats[unit] ?? 0;
            for (int i = 0; i < depth; i++)
            {
                int index = (unit * depth) + i;
                int channel = firstChannel + (i % channels);
                weights[index] = real[index];
                means[index] = channelMeans[channel];
                if (features is not null)
                {
                    biases[unit] += weights[index] * features.Offsets[channel];
                    weights[index] *= features.Scales[channel];
                    means[index] = (means[index] - features.Offsets[channel]) / features.Scales[channel];
                }
            }
        }

        double? wide = input.Type == TensorType.Int16 ? accumulator.Scale : null;
        return QuantizedWeights.From(weights, biases, input.Quantization!.Scale, correct ? means : null, quantizer.Options.PerChannel, input.Quantization.ZeroPoint, wide, wide is not null && HasHalves(node, Precision.Int16));
    }
}
