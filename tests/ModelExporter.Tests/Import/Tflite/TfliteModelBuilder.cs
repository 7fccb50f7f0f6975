using System.Buffers.Binary;
using EdgeInference.ModelConverter.Import.Tflite;
using Google.FlatBuffers;

namespace EdgeInference.Tool.Tests.Import.Tflite;

/// <summary>Writes small <c>.tflite</c> files for tests, by the slot numbers of the published schema.</summary>
internal sealed class TfliteModelBuilder
{
    private readonly List<Action<FlatBufferBuilder, List<int>>> tensors = [];
    private readonly List<byte[]> buffers = [[]];
    private readonly List<(TfliteOperatorCode Code, int[] Inputs, int[] Outputs, int OptionsType, (int Slot, object Value)[] Options)> operators = [];
    private readonly List<(string Name, int[] Shape, sbyte Value, float Scale, int Buffer)> initial = [];
    private readonly List<int> inputs = [];
    private readonly List<int> outputs = [];
    private int? metadata;

    private readonly List<(string Name, int Buffer)> otherMetadata = [];

    /// <summary>Added to the kind of every operator.</summary>
    internal int KindOffset { get; set; }

    /// <summary>The buffer that every tensor without elements names.</summary>
    internal int EmptyBuffer { get; set; }

    /// <summary>Whether tensors have no names.</summary>
    internal bool Nameless { get; set; }

    /// <summary>An operator of the model that the subgraph of first values has too.</summary>
    internal TfliteOperatorCode? InitialOperator { get; set; }

    /// <summary>Whether there is no subgraph.</summary>
    internal bool WithoutSubgraphs { get; set; }

    /// <summary>Whether kinds of operators are only in the field of a byte that files before 2020 had.</summary>
    internal bool OlderCodes { get; set; }

    internal int Input(TfliteType type, int[] shape, float scale = 0, long zeroPoint = 0)
    {
        inputs.Add(Tensor(type, shape, scale, zeroPoint));
        return inputs[^1];
    }

    internal int Output(TfliteType type, int[] shape, float scale = 0, long zeroPoint = 0)
    {
        outputs.Add(Tensor(type, shape, scale, zeroPoint));
        return outputs[^1];
    }

    internal int Tensor(TfliteType type, int[] shape, float scale = 0, long zeroPoint = 0) =>
        Add(type, shape, 0, scale == 0 ? [] : [scale], scale == 0 ? [] : [zeroPoint], 0, false);

    internal int Variable(TfliteType type, int[] shape, float scale = 0, long zeroPoint = 0) =>
        Add(type, shape, 0, scale == 0 ? [] : [scale], scale == 0 ? [] : [zeroPoint], 0, true);

    internal int Constant(TfliteType type, int[] shape, byte[] data, float[]? scales = null, int axis = 0, long zeroPoint = 0)
    {
        buffers.Add(data);
        return Add(type, shape, buffers.Count - 1, scales ?? [], [.. (scales ?? []).Select(_ => zeroPoint)], axis, false);
    }

    /// <summary>A tensor of any scales and zero points; one without elements is an input.</summary>
    internal int Raw(TfliteType type, int[] shape, byte[]? data, float[] scales, long[] zeroPoints, int axis = 0)
    {
        if (data is not null)
        {
            buffers.Add(data);
        }

        int tensor = Add(type, shape, data is null ? 0 : buffers.Count - 1, scales, zeroPoints, axis, false);
        if (data is null)
        {
            inputs.Add(tensor);
        }

        return tensor;
    }

    /// <summary>Another tensor of the elements that were written last.</summary>
    internal int Again(TfliteType type, int[] shape, params float[] scales) => Add(type, shape, buffers.Count - 1, scales, [.. scales.Select(_ => 0L)], 0, false);

    internal int WithoutZeroPoint(TfliteType type, int[] shape, byte[] data, params float[] scales)
    {
        buffers.Add(data);
        return Add(type, shape, buffers.Count - 1, scales, [], 0, false);
    }

    internal int Constant(int[] shape, sbyte[] data, float[] scales, int axis = 0, long zeroPoint = 0) =>
        Constant(TfliteType.Int8, shape, [.. data.Select(value => (byte)value)], scales, axis, zeroPoint);

    internal int Constant(int[] shape, int[] data) => Constant(TfliteType.Int32, shape, Bytes(data, 4, BinaryPrimitives.WriteInt32LittleEndian));

    internal int Constant(int[] shape, long[] data) => Constant(TfliteType.Int64, shape, Bytes(data, 8, BinaryPrimitives.WriteInt64LittleEndian));

    internal int Constant(int[] shape, float[] data) => Constant(TfliteType.Float32, shape, Bytes(data, 4, BinaryPrimitives.WriteSingleLittleEndian));

    /// <summary>Adds an operator; an option's value is an int, a float, a bool, a byte, an int[] or a string.</summary>
    internal void Operator(TfliteOperatorCode code, int[] inputTensors, int[] outputTensors, int optionsType = 0, params (int Slot, object Value)[] options) =>
        operators.Add((code, inputTensors, outputTensors, optionsType, options));

    /// <summary>Adds a second subgraph, if there is none, that gives a variable its first value.</summary>
    internal void Initialize(string name, int[] shape, sbyte value, float scale, sbyte? last = null)
    {
        int count = shape.Aggregate(1, (product, size) => product * size);
        byte[] data = [.. Enumerable.Repeat((byte)value, count)];
        data[^1] = (byte)(last ?? value);
        buffers.Add(data);
        initial.Add((name, shape, value, scale, buffers.Count - 1));
    }

    /// <summary>Adds metadata that name files of labels for the axis of the only output, a language each.</summary>
    internal void Labels(params (string File, string Locale)[] files) => Associate(1, 1, [.. files.Select(file => (file.File, file.Locale, (byte)2))]);

    /// <summary>Adds metadata that name files of a type for each of so many outputs of so many subgraphs.</summary>
    internal void Associate(int subgraphs, int outputTensors, params (string File, string Locale, byte Type)[] files)
    {
        var builder = new FlatBufferBuilder(256);
        List<int> associated = [.. files.Select(file => Table(builder, [(0, file.File), (2, file.Type), (3, file.Locale)]))];
        List<int> tensor = [.. Enumerable.Range(0, outputTensors).Select(i => Table(builder, [(0, $"output {i}"), (6, Tables(builder, associated))]))];
        List<int> graphs = [.. Enumerable.Range(0, subgraphs).Select(_ => Table(builder, [(3, Tables(builder, tensor))]))];
        builder.Finish(Table(builder, [(0, "model"), (3, Tables(builder, graphs))]), "M001");
        buffers.Add(builder.SizedByteArray());
        metadata = buffers.Count - 1;
    }

    /// <summary>Adds other metadata in front of those of labels.</summary>
    internal void Metadata(string name, byte[] data)
    {
        buffers.Add(data);
        otherMetadata.Add((name, buffers.Count - 1));
    }

    /// <summary>Adds metadata in a buffer that need not be there.</summary>
    internal void Metadata(string name, int buffer) => otherMetadata.Add((name, buffer));

    internal int Buffers => buffers.Count;

    internal byte[] Build()
    {
        var builder = new FlatBufferBuilder(1024);
        VectorOffset bufferVector = Tables(builder, [.. buffers.Select(data => Table(builder, data.Length == 0 ? [] : [(0, data)]))]);
        var tensorOffsets = new List<int>();
        tensors.ForEach(add => add(builder, tensorOffsets));
        VectorOffset tensorVector = Tables(builder, tensorOffsets);
        TfliteOperatorCode[] codes = [.. operators.Select(one => one.Code).Distinct()];
        List<int> subgraphs = [];
        VectorOffset codeVector = Tables(builder, [.. codes.Select(code => Table(builder, OlderCodes ? [(0, (byte)code), (2, 1)] : [(0, (byte)Math.Min((int)code, 127)), (2, 1), (3, (int)code)]))]);
        VectorOffset operatorVector = Tables(builder, [.. operators.Select(one => OperatorTable(builder, one, codes, KindOffset))]);
        int subgraph = Table(builder, [(0, tensorVector), (1, inputs.ToArray()), (2, outputs.ToArray()), (3, operatorVector)]);
        subgraphs.Add(subgraph);
        if (initial.Count > 0)
        {
            subgraphs.Add(InitialSubgraph(builder, codes));
        }

        List<(int, object)> fields = [(0, 3), (1, codeVector), (2, Tables(builder, WithoutSubgraphs ? [] : subgraphs)), (4, bufferVector)];
        (string, int)[] named = [.. otherMetadata, .. metadata is { } buffer ? [("TFLITE_METADATA", buffer)] : Array.Empty<(string, int)>()];
        if (named.Length > 0)
        {
            fields.Add((6, Tables(builder, [.. named.Select(one => Table(builder, [(0, one.Item1), (1, one.Item2)]))])));
        }

        int model = Table(builder, [.. fields]);
        builder.Finish(model, "TFL3");
        return builder.SizedByteArray();
    }

    internal static byte[] Bytes<T>(T[] data, int size, Write<T> write)
    {
        var bytes = new byte[data.Length * size];
        for (int i = 0; i < data.Length; i++)
        {
            write(bytes.AsSpan(i * size), data[i]);
        }

        return bytes;
    }

    private static int OperatorTable(
        FlatBufferBuilder builder,
        (TfliteOperatorCode Code, int[] Inputs, int[] Outputs, int OptionsType, (int Slot, object Value)[] Options) source,
        TfliteOperatorCode[] codes,
        int kindOffset = 0)
    {
        List<(int, object)> fields = [(0, Array.IndexOf(codes, source.Code) + kindOffset), (1, source.Inputs), (2, source.Outputs)];
        if (source.OptionsType != 0)
        {
            fields.Add((3, (byte)source.OptionsType));
            fields.Add((4, new Offset<int>(Table(builder, source.Options))));
        }

        return Table(builder, [.. fields]);
    }

    private int InitialSubgraph(FlatBufferBuilder builder, TfliteOperatorCode[] codes)
    {
        List<int> all = [];
        List<int> nodes = [];
        for (int i = 0; i < initial.Count; i++)
        {
            var (name, shape, value, scale, buffer) = initial[i];
            all.Add(Table(builder, [(0, new[] { 1 }), (1, (byte)TfliteType.Resource), (2, 0), (3, name)]));
            int quantization = Table(builder, [(2, new[] { scale }), (3, new long[] { value })]);
            all.Add(Table(builder, [(0, shape), (1, (byte)TfliteType.Int8), (2, buffer), (3, name + ".initial"), (4, new Offset<int>(quantization))]));
            nodes.Add(OperatorTable(builder, (TfliteOperatorCode.VAR_HANDLE, [], [2 * i], 111, [(0, ""), (1, name)]), codes));
            nodes.Add(OperatorTable(builder, (TfliteOperatorCode.ASSIGN_VARIABLE, [2 * i, (2 * i) + 1], [], 113, []), codes));
        }

        if (InitialOperator is { } code)
        {
            nodes.Add(OperatorTable(builder, (code, [], [], 0, []), codes));
        }

        return Table(builder, [(0, Tables(builder, all)), (1, Array.Empty<int>()), (2, Array.Empty<int>()), (3, Tables(builder, nodes))]);
    }

    private static VectorOffset Tables(FlatBufferBuilder builder, List<int> offsets)
    {
        builder.StartVector(4, offsets.Count, 4);
        for (int i = offsets.Count - 1; i >= 0; i--)
        {
            builder.AddOffset(offsets[i]);
        }

        return builder.EndVector();
    }

    private static int Table(FlatBufferBuilder builder, (int Slot, object Value)[] fields)
    {
        // What a table refers to must be written before the table begins.
        (int Slot, object Value)[] flat = [.. fields.Select(field => (field.Slot, Flatten(builder, field.Value)))];
        builder.StartTable(20);
        foreach ((int slot, object value) in flat)
        {
            switch (value)
            {
                case int number:
                    builder.AddInt(slot, number, int.MinValue);
                    break;
                case float number:
                    builder.AddFloat(slot, number, float.NaN);
                    break;
                case byte number:
                    builder.AddByte(slot, number, 255);
                    break;
                case bool flag:
                    builder.AddBool(slot, flag, !flag);
                    break;
                case VectorOffset vector:
                    builder.AddOffset(slot, vector.Value, 0);
                    break;
                case StringOffset text:
                    builder.AddOffset(slot, text.Value, 0);
                    break;
                case Offset<int> table:
                    builder.AddOffset(slot, table.Value, 0);
                    break;
                default:
                    throw new ArgumentException($"A field cannot hold {value.GetType().Name}.", nameof(fields));
            }
        }

        return builder.EndTable();
    }

    private static object Flatten(FlatBufferBuilder builder, object value)
    {
        switch (value)
        {
            case byte[] bytes:
                builder.StartVector(1, bytes.Length, 16);
                foreach (byte one in bytes.Reverse())
                {
                    builder.AddByte(one);
                }

                return builder.EndVector();
            case int[] numbers:
                builder.StartVector(4, numbers.Length, 4);
                foreach (int one in numbers.Reverse())
                {
                    builder.AddInt(one);
                }

                return builder.EndVector();
            case float[] numbers:
                builder.StartVector(4, numbers.Length, 4);
                foreach (float one in numbers.Reverse())
                {
                    builder.AddFloat(one);
                }

                return builder.EndVector();
            case long[] numbers:
                builder.StartVector(8, numbers.Length, 8);
                foreach (long one in numbers.Reverse())
                {
                    builder.AddLong(one);
                }

                return builder.EndVector();
            case string text:
                return builder.CreateString(text);
            default:
                return value;
        }
    }

    private int Add(TfliteType type, int[] shape, int buffer, float[] scales, long[] zeroPoints, int axis, bool variable)
    {
        string name = $"t{tensors.Count}";
        tensors.Add((builder, offsets) =>
        {
            List<(int, object)> fields = [(0, shape), (1, (byte)type), (2, buffer == 0 ? EmptyBuffer : buffer)];
            if (!Nameless)
            {
                fields.Add((3, name));
            }

            if (scales.Length > 0)
            {
                fields.Add((4, new Offset<int>(Table(builder, [(2, scales), (3, zeroPoints), (6, axis)]))));
            }

            if (variable)
            {
                fields.Add((5, true));
            }

            offsets.Add(Table(builder, [.. fields]));
        });
        return tensors.Count - 1;
    }

    internal delegate void Write<T>(Span<byte> destination, T value);
}
