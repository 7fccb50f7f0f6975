using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import.Tflite;

/// <summary>One operator on its way into a graph: what a converter may ask of it, and where it puts nodes.</summary>
internal sealed class TfliteNodeContext(TfliteConversion owner, TfliteOperator source)
{
    /// <summary>What the operator does.</summary>
    internal TfliteOperatorCode Code => source.Code;

    /// <summary>The element type of the first output.</summary>
    internal TfliteType OutputType => OutputTensor(0).Type;

    /// <summary>A name for nodes and values that the source has no name for.</summary>
    internal string Name => OutputTensor(0).Name;

    /// <summary>The subgraph's conversion.</summary>
    internal TfliteConversion Owner => owner;

    internal int InputCount => source.Inputs.Length;

    internal int OutputCount => source.Outputs.Length;

    internal bool HasInput(int position) => position < source.Inputs.Length && source.Inputs[position] >= 0;

    internal TfliteTensor InputTensor(int position) => HasInput(position)
        ? owner.Tensor(source.Inputs[position])
        : throw Unsupported($"is missing input {position}");

    internal TfliteTensor OutputTensor(int position) => position < source.Outputs.Length
        ? owner.Tensor(source.Outputs[position])
        : throw Unsupported($"is missing output {position}");

    /// <summary>The index of an input's tensor, which need not have a type that a graph knows.</summary>
    internal int InputIndex(int position) => HasInput(position) ? source.Inputs[position] : throw Unsupported($"is missing input {position}");

    /// <summary>The index of an output's tensor.</summary>
    internal int OutputIndex(int position) => position < source.Outputs.Length ? source.Outputs[position] : throw Unsupported($"is missing output {position}");

    /// <summary>A value like the one that output <paramref name="position"/> declares, apart from the graph.</summary>
    internal Value OutputLike(int position) => owner.New(OutputTensor(position));

    /// <summary>An input as a value; a constant among them keeps its type.</summary>
    internal Value Input(int position)
    {
        InputTensor(position);
        return owner.Read(source.Inputs[position]);
    }

    internal Value? InputOrNull(int position) => HasInput(position) ? Input(position) : null;

    /// <summary>A constant input as float32, dequantized where the file keeps it as integers.</summary>
    internal Value FloatConstant(int position)
    {
        Constant(position);
        return owner.Dequantized(source.Inputs[position]);
    }

    /// <summary>An input that must be a constant.</summary>
    internal Value Constant(int position) => Input(position) is { IsConstant: true } value
        ? value
        : throw Unsupported($"has input {position} ({InputTensor(position)}) that is not a constant");

    /// <summary>A constant input of int32 or int64 elements.</summary>
    internal int[] Integers(int position) => Constant(position).Data switch
    {
        int[] values => values,
        long[] values => Array.ConvertAll(values, value => (int)Math.Clamp(value, int.MinValue, int.MaxValue)),
        _ => throw Unsupported($"has input {position} ({InputTensor(position)}) that does not hold integers"),
    };

    /// <summary>The value that output <paramref name="position"/> becomes.</summary>
    internal Value Output(int position = 0)
    {
        OutputTensor(position);
        return owner.Write(source.Outputs[position]);
    }

    /// <summary>Makes the output stand for a value that exists, such as a constant.</summary>
    internal void Fold(Value value)
    {
        OutputTensor(0);
        owner.Define(source.Outputs[0], value);
    }

    /// <summary>Scale and zero point that an input declares, or null.</summary>
    internal Quantization? QuantizationOf(int position) => owner.QuantizationOf(InputTensor(position));

    /// <summary>Scale and zero point, which a quantized tensor must have for all its elements.</summary>
    internal static Quantization Quantized(Value value) => value.Quantization is { Scales: null } quantization
        ? quantization
        : throw Unsupported($"needs one scale for tensor '{value.Name}'");

    internal int Int(int slot, int missing = 0) => source.Options?.Int(slot, missing) ?? missing;

    internal float Float(int slot) => source.Options?.Float(slot) ?? 0f;

    internal bool Bool(int slot) => source.Options?.Bool(slot) ?? false;

    internal int Byte(int slot) => source.Options?.Byte(slot) ?? 0;

    internal int[] Ints(int slot) => source.Options?.Ints(slot) ?? [];

    internal string Text(int slot) => source.Options?.Text(slot) ?? "";

    internal FusedActivation Activation(int slot) => (FusedActivation)Byte(slot);

    internal Node Add(Opcode opcode, Value?[] inputs, params Value[] outputs)
    {
        var node = new Node(opcode, outputs[0].Name, inputs, outputs);
        owner.Graph.Nodes.Add(node);
        return node;
    }

    /// <summary>The multiplier for a ratio of scales that the file states.</summary>
    internal static QuantizedMultiplier Multiplier(double ratio) => QuantizedMultiplier.IsInRange(ratio)
        ? QuantizedMultiplier.From(ratio)
        : throw Unsupported($"has scales whose ratio {ratio} is outside the fixed-point range");

    internal static UnsupportedOperatorException Unsupported(string reason) => new(reason);
}
