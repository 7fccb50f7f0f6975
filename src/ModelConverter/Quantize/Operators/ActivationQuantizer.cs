using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Quantize.Operators;

/// <summary>A function of one number that stands on its own becomes a Table: with what follows it, or for PReLU one for each channel.</summary>
internal static class ActivationQuantizer
{
    internal static bool TryConvert(Quantizer quantizer, Node node, Precision precision)
    {
        if (node.Opcode == Opcode.Activation && node.Parameters[ActivationRule.Kind] == (int)ActivationKind.PReLU)
        {
            return precision == Precision.Int8 && ConvertPReLU(quantizer, node);
        }

        if (quantizer.IsCompanded(node))
        {
            CompandedSigmoid.Add(quantizer, node);
            return true;
        }

        if (TableChain.From(quantizer, node, precision) is not { } chain)
        {
            return false;
        }

        Value input = quantizer.Convert(node.Input(0), precision);
        Precision outputPrecision = precision == Precision.Int8 ? TableOutput(quantizer, chain.Last) : precision;
        Quantization quantization = ActivationRange.Output(quantizer, chain.Last, outputPrecision);
        Value table = precision == Precision.Int8
            ? Table(chain, input.Quantization!, quantization, outputPrecision)
            : Segments(quantizer, chain, input.Quantization!, quantization);
        Add(quantizer, chain.Last, [input, table], outputPrecision, quantization);
        chain.MarkDone(quantizer);
        return true;
    }

    // A table for each channel of the last axis.
    private static bool ConvertPReLU(Quantizer quantizer, Node node)
    {
        Value input = quantizer.Convert(node.Input(0), Precision.Int8);
        Quantization from = input.Quantization!;
        Quantization to = quantizer.QuantizationOf(node.Output, Precision.Int8);
        sbyte[] entries = PReLUTables(node.Input(1).Floats, from, to);
        Add(quantizer, node, [input, Value.Constant(node.Name + ".table", entries, entries.Length)], Precision.Int8, to);
        return true;
    }

    /// <summary>The 256 entries of each slope.</summary>
    internal static sbyte[] PReLUTables(float[] slopes, Quantization from, Quantization to) => [.. slopes.SelectMany(slope =>
        TableBuilder.Int8(UnaryFunction.Of(ActivationKind.PReLU, slope, 0f), from.Scale, from.ZeroPoint, to.Scale, to.ZeroPoint))];

    private static void Add(Quantizer quantizer, Node node, Value[] inputs, Precision precision, Quantization quantization)
    {
        var output = new Value(node.Output.Name, precision == Precision.Int8 ? TensorType.Int8 : TensorType.Int16, node.Output.Shape) { Quantization = quantization };
        quantizer.Target.Nodes.Add(new Node(Opcode.Table, node.Name, inputs, output));
        quantizer.Set(node.Output, precision, output);
    }

    /// <summary>What a table of an int8 tensor writes: int16 where a caller reads it, or the last layer of fine outputs, so that a probability near 0 or 1 keeps its digits.</summary>
    internal static Precision TableOutput(Quantizer quantizer, Node activation) =>
        quantizer.Prepared.Graph.Outputs.Contains(activation.Output) || quantizer.FeedsFineLayer(activation.Output) ? Precision.Int16 : Precision.Int8;

    /// <summary>The 256 entries for an int8 input.</summary>
    internal static Value Table(TableChain chain, Quantization input, Quantization output, Precision outputPrecision)
    {
        UnaryFunction function = chain.Function;
        string name = chain.First.Name + ".table";
        return outputPrecision == Precision.Int8
            ? Value.Constant(name, TableBuilder.Int8(function, input.Scale, input.ZeroPoint, output.Scale, output.ZeroPoint), 256)
            : Value.Constant(name, TableBuilder.Int8ToInt16(function, input.Scale, input.ZeroPoint, output.Scale, output.ZeroPoint), 256);
    }

    private static Value Segments(Quantizer quantizer, TableChain chain, Quantization input, Quantization output)
    {
        int[] segments = quantizer.Prepared.Parts.Segments(chain.First, chain.Last, input.Scale, output.Scale, () => Int16TableBuilder.Build(chain.Function, input.Scale, output.Scale));
        return Value.Constant(chain.First.Name + ".table", segments, segments.Length);
    }
}
