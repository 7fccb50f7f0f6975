using System.Runtime.InteropServices;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Training;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Runtime;

namespace EdgeInference.ModelConverter.Plan;

/// <summary>Turns a planned graph into the bytes of a model file.</summary>
internal static class ModelWriter
{
    private const int MaxName = 255;

    /// <summary>Writes a graph. Self-test inputs in its metadata are run, and their exact outputs stored with them.</summary>
    /// <exception cref="ModelFormatException">The graph breaks a rule of the format.</exception>
    public static byte[] Write(Graph graph, FileParts leftOut = FileParts.None) => Write(graph, ArenaPlanner.Plan(graph), leftOut);

    /// <summary>The same without names of tensors, which only tools read, and without self-test vectors.</summary>
    internal static byte[] WriteBare(Graph graph) => Write(graph, FileParts.TensorNames | FileParts.SelfTest);

    /// <summary>The same with a plan of the caller's.</summary>
    /// <exception cref="ModelFormatException">The graph breaks a rule of the format.</exception>
    public static byte[] Write(Graph graph, ArenaPlan plan, FileParts leftOut = FileParts.None)
    {
        if (graph.Metadata.SelfTestInputs.Count == 0 || leftOut.HasFlag(FileParts.SelfTest))
        {
            return Build(graph, plan, null, leftOut);
        }

        using EdgeModel model = EdgeModel.Load(Build(graph, plan, null, leftOut));
        return Build(graph, plan, SelfTest.Outputs(model, graph.Metadata.SelfTestInputs), leftOut);
    }

    private static byte[] Build(Graph graph, ArenaPlan plan, byte[]? selfTestOutputs, FileParts leftOut)
    {
        var builder = new ModelBuilder();
        var indices = new Dictionary<Value, int>();
        foreach (Value value in graph.Inputs)
        {
            builder.AddInput(Index(value), Clip(value.Name));
        }

        foreach (Node node in graph.Nodes)
        {
            int[] inputs = [.. node.Inputs.Select(input => input is null ? -1 : Index(input))];
            int[] outputs = [.. node.Outputs.Select(Index)];
            builder.AddOperator(node.Opcode, inputs, outputs, node.Parameters);
        }

        for (int i = 0; i < graph.Outputs.Count; i++)
        {
            builder.AddOutput(Index(graph.Outputs[i]), i < graph.Metadata.OutputRoles.Count ? graph.Metadata.OutputRoles[i] : OutputRole.Unknown, Clip(graph.Outputs[i].Name));
        }

        AddContract(builder, graph, leftOut);
        if (graph.Metadata.Learning is { } learning)
        {
            Node layer = LastLayer.Of(graph)!;
            builder.AddBytes(MetadataKey.Adaptation, learning.Payload(Index(layer.Input(0)), graph.Nodes.ToList().IndexOf(layer), selfTestOutputs is not null));
        }

        if (!leftOut.HasFlag(FileParts.TensorNames))
        {
            // Equal constants are one tensor, which has the name of the first.
            builder.AddTensorNames([.. indices.DistinctBy(pair => pair.Value).OrderBy(pair => pair.Value).Select(pair => Clip(pair.Key.Name))]);
        }

        if (selfTestOutputs is not null)
        {
            builder.AddSelfTest([.. graph.Metadata.SelfTestInputs.SelectMany(input => input)], selfTestOutputs);
        }

        return builder.Build();

        int Index(Value value)
        {
            if (!indices.TryGetValue(value, out int index))
            {
                TensorQuantization? quantization = value.Quantization is { } q
                    ? new TensorQuantization(q.Scale, q.ZeroPoint)
                    : null;
                index = value.Data is { } data
                    ? builder.AddConstant(value.Type, value.Shape, Bytes(data), quantization)
                    : builder.AddTensor(value.Type, value.Shape, plan.Offsets[value], quantization, value.IsState ? TensorStorage.State : TensorStorage.Arena);
                if (index >= FormatLayout.MaxTensors)
                {
                    throw new InputException($"The model needs more than {FormatLayout.MaxTensors} tensors, which is what a file can hold; make it smaller.");
                }

                indices.Add(value, index);
            }

            return index;
        }
    }

    private static void AddContract(ModelBuilder builder, Graph graph, FileParts leftOut)
    {
        GraphMetadata metadata = graph.Metadata;
        AddTexts(builder, MetadataKey.Labels, metadata.Labels);
        int length = graph.Inputs.Sum(input => input.Elements);
        foreach ((MetadataKey key, IReadOnlyList<string> texts) in (ReadOnlySpan<(MetadataKey, IReadOnlyList<string>)>)[(MetadataKey.InputNames, metadata.InputNames), (MetadataKey.InputUnits, metadata.InputUnits)])
        {
            // Names of something else, such as one for each of several inputs.
            AddTexts(builder, key, texts.Count > 0 && length % texts.Count == 0 && !leftOut.HasFlag(FileParts.FeatureNames) ? texts : []);
        }

        if (metadata.OutputRoles.Count(role => role is OutputRole.Probability or OutputRole.Score or OutputRole.Logit) == 1)
        {
            builder.AddDecision(metadata.OutputRoles.ToList().FindIndex(role => role is OutputRole.Probability or OutputRole.Score or OutputRole.Logit), metadata.Head);
        }

        if (metadata.Window is { } window)
        {
            builder.AddWindow(window.Period, window.Length, window.Hop);
        }

        if (metadata.Threshold is { } threshold)
        {
            builder.AddFloats(MetadataKey.Threshold, [threshold]);
        }

        if (metadata.AcceptsMissing)
        {
            builder.AddBytes(MetadataKey.MissingValues, []);
        }

        foreach ((MetadataKey key, float[] values) in metadata.Floats)
        {
            builder.AddFloats(key, values);
        }

        CategoryRecord.Add(builder, metadata.InputCategories);
        if (!leftOut.HasFlag(FileParts.Provenance))
        {
            AddProvenance(builder, metadata);
        }
    }

    private static void AddProvenance(ModelBuilder builder, GraphMetadata metadata)
    {
        builder.AddText(MetadataKey.Name, metadata.Name);
        builder.AddText(MetadataKey.Producer, ToolVersion.Text);
        foreach ((MetadataKey key, string text) in (ReadOnlySpan<(MetadataKey, string)>)[(MetadataKey.Source, metadata.Source), (MetadataKey.SourceProducer, metadata.SourceProducer), (MetadataKey.Options, metadata.Options)])
        {
            if (text.Length > 0)
            {
                builder.AddText(key, text);
            }
        }

        if (metadata.SourceHash is { } hash)
        {
            builder.AddBytes(MetadataKey.SourceHash, hash);
        }

        if (metadata.TrainingRows is { } rows)
        {
            builder.AddBytes(MetadataKey.TrainingRows, rows);
        }

        if (metadata.TrainingStatistics is { } statistics)
        {
            builder.AddBytes(FeatureStatistics.Key, statistics);
        }
    }

    private static void AddTexts(ModelBuilder builder, MetadataKey key, IReadOnlyList<string> texts)
    {
        if (texts.FirstOrDefault(text => System.Text.Encoding.UTF8.GetByteCount(text) > TextList.MaxBytes) is { } text)
        {
            string what = key switch { MetadataKey.Labels => "class", MetadataKey.InputUnits => "unit", _ => "feature" };
            throw new InputException($"The {what} '{Data.CsvProblems.Clip(text)}' has a text of {System.Text.Encoding.UTF8.GetByteCount(text)} bytes, but a model file holds {TextList.MaxBytes}; shorten it.");
        }

        if (texts.Count > 0)
        {
            builder.AddTextList(key, texts);
        }
    }

    // A generated name can be longer than what the format takes.
    private static string Clip(string name) => name.Length <= MaxName ? name : name[..MaxName];

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
