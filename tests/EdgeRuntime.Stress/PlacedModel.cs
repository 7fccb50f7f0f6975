using System.Buffers.Binary;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;

namespace EdgeInference.Runtime.Stress;

/// <summary>A valid file, its fields that say which tensors there are, where they lie and who reads and writes them, and how long each is needed.</summary>
internal sealed class PlacedModel
{
    private readonly byte[] file;
    private readonly int[] records;

    internal PlacedModel(byte[] file, ModelFile model)
    {
        this.file = file;
        Model = model;
        records = new int[model.Tensors.Length];
        First = new int[records.Length];
        Last = new int[records.Length];
        int position = model.SectionOffset(FormatLayout.TensorsSection);
        for (int i = 0; i < records.Length; i++)
        {
            records[i] = position;
            int kind = file[position + FormatLayout.TensorKindOffset];
            position += FormatLayout.TensorHeaderBytes + (model.Tensors[i].Storage == TensorStorage.Constant ? 0 : FormatLayout.TensorPlaceBytes);
            position += (model.Tensors[i].Rank * ((kind & FormatLayout.TensorWideFlag) != 0 ? 4 : 2)) + ((kind & FormatLayout.TensorQuantizedFlag) != 0 ? FormatLayout.TensorQuantizationBytes : 0);
            First[i] = -1;
            Last[i] = model.Tensors[i].Storage == TensorStorage.State ? model.Operators.Length : -1;
        }

        for (int step = 0; step < model.Operators.Length; step++)
        {
            foreach (TensorInfo output in model.Operators[step].Outputs)
            {
                First[output.Index] = step;
                Last[output.Index] = Math.Max(Last[output.Index], step);
            }

            foreach (TensorInfo input in model.Operators[step].Inputs)
            {
                if (input is not null)
                {
                    Last[input.Index] = Math.Max(Last[input.Index], step);
                }
            }
        }

        foreach (TensorInfo output in model.Outputs)
        {
            Last[output.Index] = model.Operators.Length;
        }

        Inputs = Entries(MetadataKey.Inputs, 2);
        Outputs = Entries(MetadataKey.Outputs, 3);
        InArena = [.. model.Tensors.Where(tensor => tensor.Storage != TensorStorage.Constant).Select(tensor => tensor.Index)];
    }

    internal ModelFile Model { get; }

    /// <summary>The operator that writes each tensor, −1 where the caller does.</summary>
    internal int[] First { get; }

    /// <summary>The last operator that reads or writes each tensor, their number where it is needed at the end.</summary>
    internal int[] Last { get; }

    /// <summary>Tensors of the arena, states among them.</summary>
    internal int[] InArena { get; }

    /// <summary>Where the file names the tensors of the model's inputs, u16 each.</summary>
    internal int[] Inputs { get; }

    /// <summary>The same for its outputs.</summary>
    internal int[] Outputs { get; }

    /// <summary>Where a tensor's record begins.</summary>
    internal int Record(int tensor) => records[tensor];

    /// <summary>Where the file names the tensors of an operator, inputs first, u16 each.</summary>
    internal (int Position, int Count) Operands(int step)
    {
        OperatorRecord record = Model.Operators[step];
        return (record.Offset + FormatLayout.OperatorHeaderBytes, record.Inputs.Length + record.Outputs.Length);
    }

    /// <summary>Where an operator's record ends.</summary>
    internal int End(int step) => step + 1 < Model.Operators.Length
        ? Model.Operators[step + 1].Offset
        : Model.SectionOffset(FormatLayout.OperatorsSection) + Model.SectionLength(FormatLayout.OperatorsSection);

    /// <summary>Whether two tensors of the arena have a byte in common.</summary>
    internal bool SharesBytes()
    {
        TensorInfo[] sorted = [.. InArena.Select(index => Model.Tensors[index]).OrderBy(tensor => tensor.Offset)];
        int end = 0;
        foreach (TensorInfo tensor in sorted)
        {
            if (tensor.Offset < end)
            {
                return true;
            }

            end = tensor.Offset + tensor.Bytes;
        }

        return false;
    }

    /// <summary>The same program with bytes of its own for every tensor: what it must compute, whatever lies where.</summary>
    internal byte[] Apart()
    {
        byte[] apart = (byte[])file.Clone();
        int end = 0;
        foreach (int index in InArena)
        {
            BinaryPrimitives.WriteInt32LittleEndian(apart.AsSpan(records[index] + FormatLayout.TensorPlaceOffset), end);
            end = (end + Model.Tensors[index].Bytes + 15) & -16;
        }

        BinaryPrimitives.WriteInt32LittleEndian(apart.AsSpan(FormatLayout.ArenaBytesOffset), end);
        ModelBuilder.WriteCrc(apart);
        return apart;
    }

    private int[] Entries(MetadataKey key, int entryBytes)
    {
        var entries = new List<int>();
        int position = Model.Metadata.PayloadOffset(key);
        int end = position + Model.Metadata.PayloadLength(key);
        while (position < end)
        {
            entries.Add(position);
            position = TextList.Next(Model.Bytes, position + entryBytes, end);
        }

        return [.. entries];
    }
}
