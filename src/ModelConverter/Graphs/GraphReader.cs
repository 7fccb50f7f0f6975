using System.Runtime.InteropServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Training;

namespace EdgeInference.ModelConverter.Graphs;

/// <summary>Turns a model file back into a graph, so that what works on graphs works on files.</summary>
internal static class GraphReader
{
    /// <summary>The graph of a file: its tensors by their stored names, its operators in their order. Only names of the metadata are taken over.</summary>
    internal static Graph Read(ModelFile file)
    {
        Graph graph = ReadWithoutConstants(file, out Value[] values);
        foreach (TensorInfo tensor in file.Tensors.Where(tensor => tensor.Storage == TensorStorage.Constant))
        {
            values[tensor.Index].Data = Elements(file, tensor);
        }

        RestoreChannelScales(file, values);
        return graph;
    }

    /// <summary>The same for what asks for names and shapes alone: constants have no elements, which would be another copy of a large file.</summary>
    internal static Graph ReadWithoutConstants(ModelFile file) => ReadWithoutConstants(file, out _);

    private static Graph ReadWithoutConstants(ModelFile file, out Value[] all)
    {
        Value[] values = [.. file.Tensors.Zip(Names(file), ToValue)];
        var graph = new Graph { Metadata = new GraphMetadata { Name = file.Metadata.Text(MetadataKey.Name), InputNames = file.Metadata.TextList(MetadataKey.InputNames), InputCategories = InputCategories.Read(file) } };
        graph.Inputs.AddRange(file.Inputs.Select(tensor => values[tensor.Index]));
        foreach (OperatorRecord record in file.Operators)
        {
            var node = new Node(
                record.Info.Opcode,
                values[record.Outputs[0].Index].Name,
                record.Inputs.Select(tensor => tensor is null ? null : values[tensor.Index]),
                [.. record.Outputs.Select(tensor => values[tensor.Index])]);
            for (int i = 0; i < node.Parameters.Length; i++)
            {
                node.Parameters[i] = record.Int(i);
            }

            graph.Nodes.Add(node);
        }

        graph.Outputs.AddRange(file.Outputs.Select(tensor => values[tensor.Index]));
        all = values;
        return graph;
    }

    // A file without names of tensors still has those of its inputs and outputs.
    private static string[] Names(ModelFile file)
    {
        string[] names = file.TensorNames();
        if (names.Length > 0)
        {
            return names;
        }

        names = [.. file.Tensors.Select(tensor => $"tensor{tensor.Index}")];
        IEnumerable<(TensorInfo Tensor, string Name)> ports = file.Inputs.Select((tensor, i) => (tensor, file.InputName(i))).Concat(file.Outputs.Select((tensor, i) => (tensor, file.OutputName(i))));
        foreach ((TensorInfo tensor, string name) in ports.Where(port => port.Name.Length > 0))
        {
            names[tensor.Index] = name;
        }

        return names;
    }

    // A file holds the scale of the first channel, and how the others differ in the multipliers.
    private static void RestoreChannelScales(ModelFile file, Value[] values)
    {
        foreach (OperatorRecord record in file.Operators.Where(record => record.Info.Opcode is Opcode.Dense or Opcode.Conv or Opcode.ConvTranspose && record.HasInput(4) && record.Inputs[3].Elements > 1))
        {
            var multipliers = (int[])values[record.Inputs[3].Index].Data!;
            var shifts = (sbyte[])values[record.Inputs[4].Index].Data!;
            Value weights = values[record.Inputs[1].Index];
            if (weights.Quantization is { } first && multipliers[0] > 0)
            {
                double unit = first.Scale / Math.ScaleB(multipliers[0], shifts[0]);
                weights.Quantization = first with { Scales = [.. multipliers.Zip(shifts, (multiplier, shift) => (float)(unit * Math.ScaleB(multiplier, shift)))] };
            }
        }
    }

    private static Value ToValue(TensorInfo tensor, string name)
    {
        int[] shape = [.. Enumerable.Range(0, tensor.Rank).Select(tensor.Dimension)];
        return new Value(name, tensor.Type, shape)
        {
            IsState = tensor.Storage == TensorStorage.State,
            Quantization = tensor.IsQuantized
                ? new Quantization(tensor.Scale, tensor.ZeroPoint)
                : null,
        };
    }

    private static Array Elements(ModelFile file, TensorInfo tensor)
    {
        ReadOnlySpan<byte> bytes = file.Bytes.Memory.Span.Slice(tensor.Offset, tensor.Bytes);
        return tensor.Type switch
        {
            TensorType.Float32 => MemoryMarshal.Cast<byte, float>(bytes).ToArray(),
            TensorType.Int8 => MemoryMarshal.Cast<byte, sbyte>(bytes).ToArray(),
            TensorType.Int16 => MemoryMarshal.Cast<byte, short>(bytes).ToArray(),
            TensorType.Int32 => MemoryMarshal.Cast<byte, int>(bytes).ToArray(),
            _ => MemoryMarshal.Cast<byte, long>(bytes).ToArray(),
        };
    }
}
