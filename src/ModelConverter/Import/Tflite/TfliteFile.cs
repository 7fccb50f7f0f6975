using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import.Tflite;

/// <summary>
/// What a <c>.tflite</c> file declares, every index checked. Slot numbers are those of the published schema (schema.fbs,
/// version 3).
/// </summary>
internal sealed class TfliteFile
{
    // More than any model has, and few enough that a small file cannot make many objects by naming one table often.
    private const int MaxTables = 100_000;

    private readonly FlatTable[] buffers;
    private readonly FlatTable[] metadata;

    internal TfliteFile(byte[] bytes, string path)
    {
        File = new FlatFile(bytes, path);
        if (bytes.Length < 8 || File.Text(4, 4) != "TFL3")
        {
            throw new InputException($"'{path}' is not a TensorFlow Lite model: 'TFL3' is missing at byte 4.");
        }

        FlatTable model = File.Root();
        buffers = model.Tables(4, MaxTables);
        (TfliteOperatorCode, string)[] codes = Array.ConvertAll(model.Tables(1, MaxTables), Code);
        Subgraphs = Array.ConvertAll(model.Tables(2, MaxTables), table => Subgraph(table, codes));
        if (Subgraphs.Length == 0)
        {
            throw File.Wrong("has no subgraph");
        }

        Description = model.Text(3);
        metadata = model.Tables(6, MaxTables);
    }

    internal FlatFile File { get; }

    internal string Description { get; }

    internal TfliteSubgraph[] Subgraphs { get; }

    /// <summary>The constant bytes of a tensor; empty if it has none.</summary>
    internal ReadOnlySpan<byte> Data(TfliteTensor tensor) => buffers[tensor.Buffer].Bytes(0);

    /// <summary>The bytes of metadata by their name; empty if there are none.</summary>
    internal byte[] Metadata(string name)
    {
        foreach (FlatTable table in metadata.Where(table => table.Text(0) == name))
        {
            int buffer = table.Int(1);
            return buffer >= 0 && buffer < buffers.Length ? buffers[buffer].Bytes(0).ToArray() : throw File.Wrong($"has metadata '{name}' in buffer {buffer} but declares {buffers.Length}");
        }

        return [];
    }

    private static (TfliteOperatorCode Code, string Custom) Code(FlatTable table)
    {
        // Codes above 127 do not fit the older field, which then holds a placeholder.
        int code = Math.Max(table.Byte(0), table.Int(3));
        return ((TfliteOperatorCode)code, table.Text(1));
    }

    private TfliteSubgraph Subgraph(FlatTable table, (TfliteOperatorCode Code, string Custom)[] codes)
    {
        FlatTable[] tables = table.Tables(0, MaxTables);
        var tensors = new TfliteTensor[tables.Length];
        for (int i = 0; i < tensors.Length; i++)
        {
            tensors[i] = Tensor(tables[i], i);
        }

        FlatTable[] nodes = table.Tables(3, MaxTables);
        var operators = new TfliteOperator[nodes.Length];
        for (int i = 0; i < nodes.Length; i++)
        {
            int code = nodes[i].Int(0);
            if (code < 0 || code >= codes.Length)
            {
                throw File.Wrong($"has operator {i} of kind {code} but declares {codes.Length}");
            }

            operators[i] = new TfliteOperator(
                i, codes[code].Code, codes[code].Custom, Indices(nodes[i], 1, tensors.Length, -1), Indices(nodes[i], 2, tensors.Length, 0), nodes[i].Table(4));
        }

        int[] outputs = Indices(table, 2, tensors.Length, 0);
        return outputs.Length <= FormatLayout.MaxTensors
            ? new TfliteSubgraph(table.Text(4), tensors, Indices(table, 1, tensors.Length, 0), outputs, operators)
            : throw File.Wrong($"declares {outputs.Length} outputs, but a model has at most {FormatLayout.MaxTensors} tensors");
    }

    private TfliteTensor Tensor(FlatTable table, int index)
    {
        string name = table.Text(3) is { Length: > 0 } text ? text : $"tensor {index}";
        int[] shape = table.Ints(0);
        int buffer = table.Int(2);
        if (buffer < 0 || buffer >= buffers.Length)
        {
            throw File.Wrong($"has tensor '{name}' in buffer {buffer} but declares {buffers.Length}");
        }

        FlatTable? quantization = table.Table(4);
        float[] scales = quantization?.Floats(2) ?? [];
        long[] zeroPoints = quantization?.Longs(3) ?? [];
        int axis = quantization?.Int(6) ?? 0;
        if (scales.Any(scale => !float.IsFinite(scale)))
        {
            throw File.Wrong($"has tensor '{name}' with a scale that is not finite");
        }

        var type = (TfliteType)table.Byte(1);
        if (type == TfliteType.UInt8 && scales.Length > 0)
        {
            // uint8 is read as int8, everything 128 less; a zero point that is missing is 0.
            zeroPoints = Array.ConvertAll(zeroPoints.Length == 0 ? new long[scales.Length] : zeroPoints, zeroPoint => zeroPoint - 128);
        }

        return new TfliteTensor(name, type, shape, buffer, scales, zeroPoints, axis, table.Bool(5));
    }

    private int[] Indices(FlatTable table, int slot, int count, int least)
    {
        int[] indices = table.Ints(slot);
        return Array.TrueForAll(indices, index => index >= least && index < count)
            ? indices
            : throw File.Wrong($"names tensor {indices.First(index => index < least || index >= count)} but declares {count}");
    }
}
