using System.Runtime.InteropServices;
using EdgeRuntime;
using ModelExporter.Graphs;
using ModelFormat;
using ModelFormat.Writing;

namespace ModelExporter.Plan;

/// <summary>Turns a planned graph into the bytes of a model file.</summary>
public static class ProgramWriter
{
    /// <summary>Writes a graph. Self-test inputs in its metadata are run, and their exact outputs stored with them.</summary>
    /// <exception cref="ModelFormatException">The graph breaks a rule of the format.</exception>
    public static byte[] Write(Graph graph) => Write(graph, ArenaPlanner.Plan(graph));

    /// <summary>The same with a plan of the caller's.</summary>
    /// <exception cref="ModelFormatException">The graph breaks a rule of the format.</exception>
    public static byte[] Write(Graph graph, ArenaPlan plan)
    {
        if (graph.Metadata.SelfTestInputs.Count == 0)
        {
            return Build(graph, plan, null);
        }

        using EdgeModel model = EdgeModel.Load(Build(graph, plan, null));
        return Build(graph, plan, SelfTest.Outputs(model, graph.Metadata.SelfTestInputs));
    }

    private static byte[] Build(Graph graph, ArenaPlan plan, byte[]? selfTestOutputs)
    {
        var builder = new ModelBuilder();
        var indices = new Dictionary<Value, int>();
        foreach (Value value in graph.Inputs)
        {
            builder.AddInput(Index(value));
        }

        foreach (Node node in graph.Nodes)
        {
            int[] inputs = [.. node.Inputs.Select(input => input is null ? -1 : Index(input))];
            int[] outputs = [.. node.Outputs.Select(Index)];
            builder.AddOperator(node.Opcode, inputs, outputs, node.Parameters);
        }

        foreach (Value value in graph.Outputs)
        {
            builder.AddOutput(Index(value));
        }

        AddMetadata(builder, graph.Metadata, selfTestOutputs);
        builder.AddTextList(MetadataKey.TensorNames, [.. indices.OrderBy(pair => pair.Value).Select(pair => pair.Key.Name)]);
        return builder.Build();

        int Index(Value value)
        {
            if (!indices.TryGetValue(value, out int index))
            {
                TensorQuantization? quantization = value.Quantization is { } q
                    ? new TensorQuantization(q.Scale, q.ZeroPoint, q.Scales is null ? -1 : ScalesIndex(value), q.Axis)
                    : null;
                index = value.Data is { } data
                    ? builder.AddConstant(value.Type, value.Shape, Bytes(data), quantization)
                    : builder.AddTensor(value.Type, value.Shape, plan.Offsets[value], quantization, value.IsState ? TensorStorage.State : TensorStorage.Arena);
                indices.Add(value, index);
            }

            return index;
        }

        int ScalesIndex(Value value)
        {
            float[] scales = value.Quantization!.Scales!;
            return Index(Value.Constant(value.Name + ".scales", scales, scales.Length));
        }
    }

    private static void AddMetadata(ModelBuilder builder, GraphMetadata metadata, byte[]? selfTestOutputs)
    {
        builder.AddText(MetadataKey.Name, metadata.Name);
        builder.AddText(MetadataKey.Producer, Producer.Text);
        builder.AddText(MetadataKey.Precision, metadata.Precision);
        if (metadata.Labels.Count > 0)
        {
            builder.AddTextList(MetadataKey.Labels, [.. metadata.Labels]);
        }

        if (metadata.InputNames.Count > 0)
        {
            builder.AddTextList(MetadataKey.InputNames, [.. metadata.InputNames]);
        }

        if (metadata.Threshold is { } threshold)
        {
            builder.AddFloats(MetadataKey.Threshold, [threshold]);
        }

        if (metadata.SourceHash is { } hash)
        {
            builder.AddBytes(MetadataKey.SourceHash, hash);
        }

        if (metadata.OutputRoles.Count > 0)
        {
            builder.AddBytes(MetadataKey.OutputRoles, [.. metadata.OutputRoles.Select(role => (byte)role)]);
        }

        if (metadata.AcceptsMissing)
        {
            builder.AddBytes(MetadataKey.MissingValues, []);
        }

        foreach ((MetadataKey key, float[] values) in metadata.Floats.OrderBy(pair => pair.Key))
        {
            builder.AddFloats(key, values);
        }

        if (selfTestOutputs is not null)
        {
            builder.AddFloats(MetadataKey.SelfTestInputs, [.. metadata.SelfTestInputs.SelectMany(input => input)]);
            builder.AddBytes(MetadataKey.SelfTestOutputs, selfTestOutputs);
        }
    }

    private static ReadOnlySpan<byte> Bytes(Array data) => data switch
    {
        float[] values => MemoryMarshal.AsBytes<float>(values),
        sbyte[] values => MemoryMarshal.AsBytes<sbyte>(values),
        short[] values => MemoryMarshal.AsBytes<short>(values),
        int[] values => MemoryMarshal.AsBytes<int>(values),
        long[] values => MemoryMarshal.AsBytes<long>(values),
        _ => throw new ArgumentException($"A constant cannot hold {data.GetType().Name}.", nameof(data)),
    };
}
