using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators;
using EdgeInference.ModelConverter.Optimize.Passes;
using EdgeInference.ModelConverter.Quantize.Operators;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Quantize;

/// <summary>Rewrites a prepared float graph node by node in the precision that each is to have.</summary>
internal sealed class Quantizer
{
    /// <summary>int16 has levels to spare for values that calibration did not see: the calibrated range is widened by it.</summary>
    internal const float Int16Headroom = 2f;

    private readonly Dictionary<(Value Source, Precision Precision), Value> converted = [];
    private readonly Dictionary<Value, FeatureScales> featureScales = [];
    private readonly HashSet<Node> done = [];
    private readonly ScaleGroups groups;
    private readonly Func<Node, Precision> precisionOf;

    private Quantizer(PreparedGraph prepared, QuantizationOptions options, Func<Node, Precision> precisionOf)
    {
        Prepared = prepared;
        Options = options;
        groups = new ScaleGroups(prepared.Graph);
        this.precisionOf = precisionOf;
        Target = new Graph { Metadata = prepared.Graph.Metadata };
    }

    /// <summary>The graph under construction.</summary>
    internal Graph Target { get; }

    /// <summary>The float graph with its statistics.</summary>
    internal PreparedGraph Prepared { get; }

    /// <summary>The options.</summary>
    internal QuantizationOptions Options { get; }

    /// <summary>Quantizes a graph in one precision.</summary>
    /// <exception cref="InputException">The calibration rows do not fit the model.</exception>
    public static Graph Quantize(Graph graph, IReadOnlyList<float[]> calibration, Precision precision, QuantizationOptions? options = null) =>
        Quantize(PreparedGraph.From(graph, calibration), _ => precision, options);

    /// <summary>Quantizes a prepared graph, each of its nodes in the precision that <paramref name="precisionOf"/> gives. An operator without such a kernel stays in float32.</summary>
    public static Graph Quantize(PreparedGraph prepared, Func<Node, Precision> precisionOf, QuantizationOptions? options = null) =>
        new Quantizer(prepared, options ?? new QuantizationOptions(), precisionOf).Build();

    /// <summary>The precision that a node of the float graph is to have.</summary>
    internal Precision PrecisionOf(Node node) => precisionOf(node);

    /// <summary>Says that a node was taken along with another.</summary>
    internal void MarkDone(Node node) => done.Add(node);

    /// <summary>Records what a float value became.</summary>
    internal void Set(Value source, Precision precision, Value value) => converted[(source, precision)] = value;

    /// <summary>The per-feature scales of a quantized graph input, or null.</summary>
    internal FeatureScales? FeatureScalesOf(Value quantized) => featureScales.GetValueOrDefault(quantized);

    /// <summary>Whether a node is a last sigmoid that is companded, so that it keeps apart what the layer before it does.</summary>
    internal bool IsCompanded(Node node) => Options.FineOutputs && CompandedSigmoid.Ends(Prepared.Graph, node);

    /// <summary>
    /// Whether a value goes from a layer, through an activation or not, into the last layer alone, whose outputs are to be fine: then it is int16, as the
    /// sums that it is made of allow, and so is the last layer. Where hidden units saturate, int8 leaves no differences to tell rows apart by.
    /// </summary>
    internal bool FeedsFineLayer(Value value)
    {
        if (!Options.FineOutputs || !Prepared.Graph.HasOneConsumer(value, out Node last) || last.Opcode != Opcode.Dense || last.Input(0) != value)
        {
            return false;
        }

        bool ends = Prepared.Graph.Outputs.Contains(last.Output) || (Prepared.Graph.HasOneConsumer(last.Output, out Node function) && IsCompanded(function));
        Node? maker = Prepared.Graph.Producer(value);
        maker = maker is { Opcode: Opcode.Activation, Inputs.Count: 1 } && Prepared.Graph.HasOneConsumer(maker.Input(0), out _) ? Prepared.Graph.Producer(maker.Input(0)) : maker;
        return ends && maker is { Opcode: Opcode.Dense or Opcode.Conv } && PrecisionOf(maker) == Precision.Int8 && PrecisionOf(last) == Precision.Int8;
    }

    /// <summary>A float value in a precision, converted where it is not there yet.</summary>
    internal Value Convert(Value source, Precision precision)
    {
        if (source.IsConstant)
        {
            return source;
        }

        if (converted.TryGetValue((source, precision), out Value? value))
        {
            return value;
        }

        if (precision == Precision.Float32)
        {
            Precision from = converted.ContainsKey((source, Precision.Int16)) ? Precision.Int16 : Precision.Int8;
            Value quantized = converted[(source, from)];
            value = new Value(source.Name, TensorType.Float32, source.Shape);
            Target.Nodes.Add(new Node(Opcode.Dequantize, source.Name + ".dequantize", [quantized], value));
        }
        else
        {
            value = QuantizeValue(source, Convert(source, Precision.Float32), precision);
        }

        Set(source, precision, value);
        return value;
    }

    /// <summary>The int8 or int16 parameters for a float value, from calibration.</summary>
    internal Quantization QuantizationOf(Value source, Precision precision)
    {
        bool narrow = precision == Precision.Int8;
        ValueRange[] ranges = [.. groups.Of(source)
            .Select(value => narrow ? Prepared.Parts.Range(value, Options.Method) : Prepared.Calibration[value].Range.Widened(Int16Headroom))];
        var range = new ValueRange(ranges.Min(one => one.Low), ranges.Max(one => one.High));
        return narrow ? range.ToInt8() : range.ToInt16();
    }

    /// <summary>
    /// Whether a node prepares an input feature by feature, as by constants or a logarithm. Features may differ by orders of
    /// magnitude, so that is done in float32, in front of the Quantize or by it.
    /// </summary>
    internal bool IsInputPreparation(Node node)
    {
        Value? x = node.Opcode is Opcode.Unary or Opcode.FeatureTransform ? node.Input(0) : AffineStep.IsByConstant(node) ? node.Inputs.FirstOrDefault(input => !input!.IsConstant) : null;
        return x is not null && (Prepared.Graph.Inputs.Contains(x) || (Prepared.Graph.Producer(x) is { } producer && IsInputPreparation(producer)));
    }

    private Graph Build()
    {
        foreach (Value input in Prepared.Graph.Inputs)
        {
            var twin = new Value(input.Name, input.Type, input.Shape);
            Target.Inputs.Add(twin);
            Set(input, Precision.Float32, twin);
        }

        // A state is read before the node that writes it.
        foreach (Value state in Prepared.Graph.Nodes.SelectMany(node => node.Outputs).Where(output => output.IsState))
        {
            Set(state, Precision.Float32, Twin(state));
        }

        var forms = new QuantizedForms(this);
        foreach (Node node in Prepared.Graph.Nodes)
        {
            if (!done.Contains(node) && (IsQuantized(node) || !TryConvert(forms, node)))
            {
                Keep(node);
            }
        }

        Target.Outputs.AddRange(Prepared.Graph.Outputs.Select(output => Convert(output, Precision.Float32)));
        new DeadNodeRemoval().Run(Target);
        Target.Metadata = Target.Metadata with { Precision = Target.CommonPrecision() };
        return Target;
    }

    private bool TryConvert(QuantizedForms forms, Node node) =>
        PrecisionOf(node) is not Precision.Float32 and var precision && !node.Inputs.Exists(Prepared.Calibration.Missing.MayHold) && OperatorDefinitions.Of(node.Opcode).TryQuantize(forms, node, precision);

    // The source model has scales of its own there.
    private static bool IsQuantized(Node node) =>
        node.Output.Type != TensorType.Float32 || node.Inputs.Exists(input => input is { IsConstant: false } && input.Type != TensorType.Float32);

    private void Keep(Node node)
    {
        Value[] outputs = [.. node.Outputs.Select(output => output.IsState ? converted[(output, Precision.Float32)] : Twin(output))];
        var twin = new Node(node.Opcode, node.Name, node.Inputs.Select(input => input is null ? null : Convert(input, Precision.Float32)), outputs);
        node.Parameters.CopyTo(twin.Parameters, 0);
        Target.Nodes.Add(twin);
        for (int i = 0; i < outputs.Length; i++)
        {
            Set(node.Outputs[i], Precision.Float32, outputs[i]);
        }
    }

    private static Value Twin(Value value) => new(value.Name, value.Type, value.Shape) { IsState = value.IsState, Quantization = value.Quantization };

    private Value QuantizeValue(Value source, Value real, Precision precision)
    {
        TensorType type = precision == Precision.Int8 ? TensorType.Int8 : TensorType.Int16;
        var inputs = new List<Value?> { real };
        Quantization quantization = QuantizationOf(source, precision);
        FeatureScales? scales = null;
        bool isFeatures = Prepared.Graph.Inputs.Contains(source) || (Prepared.Graph.Producer(source) is { } producer && IsInputPreparation(producer));
        if (isFeatures && FeatureScales.IsApplicable(Prepared.Graph, source))
        {
            scales = FeatureScales.From(Prepared.Calibration[source], precision, InputTails(source, precision));
            int features = source.LastDimension;
            inputs.Add(Value.Constant(source.Name + ".feature_offsets", scales.Offsets, features));
            inputs.Add(Value.Constant(source.Name + ".feature_scales", scales.Scales, features));
            quantization = new Quantization(1f, 0);
        }

        else if (Standardisation(source) is { } step)
        {
            // y = ax + b is quantized as (x + b/a) / (s/a).
            inputs[0] = Convert(step.Input, Precision.Float32);
            inputs.Add(Value.Constant(source.Name + ".feature_offsets", [.. step.Shift.Zip(step.Scale, (b, a) => (float)(-b / a))], step.Scale.Length));
            inputs.Add(Value.Constant(source.Name + ".feature_scales", Array.ConvertAll(step.Scale, a => (float)(quantization.Scale / a)), step.Scale.Length));
        }

        var value = new Value(source.Name + ".quantized", type, source.Shape) { Quantization = quantization };
        Target.Nodes.Add(new Node(Opcode.Quantize, source.Name + ".quantize", inputs, value));
        if (scales is not null)
        {
            featureScales.Add(value, scales);
        }

        return value;
    }

    // The ranges without the tails that the options cut off; null to take them whole.
    private ValueRange[]? InputTails(Value source, Precision precision) =>
        precision == Precision.Int8 && Options.InputTail > 0 && Prepared.Graph.Inputs is [var only] && only == source && source.Elements == source.LastDimension
            ? Prepared.Parts.FeatureRanges(Options.InputTail) : null;

    // What the nodes between an input and a value do to each feature, where they do nothing but scale and shift it.
    private AffineStep? Standardisation(Value value)
    {
        if (Prepared.Graph.Producer(value) is not { } node || AffineStep.Find(node) is not { } step || step.Scale.Any(scale => !(scale > 0)))
        {
            return null;
        }

        if (Prepared.Graph.Inputs.Contains(step.Input))
        {
            return step;
        }

        return Standardisation(step.Input) is not { } first ? null : new AffineStep(
            first.Input,
            [.. first.Scale.Zip(step.Scale, (a, b) => a * b)],
            [.. first.Shift.Zip(step.Scale, (a, b) => a * b).Zip(step.Shift, (a, b) => a + b)]);
    }
}
