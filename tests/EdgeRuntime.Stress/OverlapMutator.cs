using System.Buffers.Binary;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;

namespace EdgeInference.Runtime.Stress;

/// <summary>
/// Makes tensors share bytes: moves them over one another, gives operators and the contract other tensors, turns tensors into
/// states and back, operators in another order, and elements of constants ends of their types, so that lifetimes, aliases and pairs in place change. Half of the moves go to
/// bytes that look free, or the reader would refuse nearly all mutants.
/// </summary>
internal sealed class OverlapMutator(int seed)
{
    private static readonly float[] ends = [0f, -0f, 1f, -1f, float.NaN, float.PositiveInfinity, float.NegativeInfinity];

    private readonly Random random = new(seed);

    /// <summary>A changed copy of a valid file.</summary>
    internal byte[] Mutate(byte[] file, PlacedModel model)
    {
        byte[] bytes = (byte[])file.Clone();
        for (int changes = 1 + random.Next(4); changes > 0; changes--)
        {
            switch (random.Next(13))
            {
                case 0:
                    TurnState(bytes, model);
                    break;
                case 1:
                    Rewire(bytes, model);
                    break;
                case 2:
                    Name(bytes, model.Inputs, model);
                    break;
                case 3:
                    Name(bytes, model.Outputs, model);
                    break;
                case 4:
                    // The last change, since operators are no longer where the model says.
                    Swap(bytes, model);
                    changes = 1;
                    break;
                case 5:
                    Pack(bytes, model);
                    break;
                case 6:
                    Set(bytes, model);
                    break;
                default:
                    Move(bytes, model, Pick(model.InArena));
                    break;
            }
        }

        ModelBuilder.WriteCrc(bytes);
        return bytes;
    }

    private void Move(byte[] bytes, PlacedModel model, int index)
    {
        TensorInfo tensor = model.Model.Tensors[index];
        int size = TensorTypes.SizeOf(tensor.Type);
        int[] near = random.Next(4) == 0 ? [] : [.. model.InArena.Where(other => other != index && model.Last[other] <= model.First[index])];
        TensorInfo over = model.Model.Tensors[Pick(near.Length > 0 ? near : model.InArena)];
        int start = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(model.Record(over.Index) + FormatLayout.TensorPlaceOffset));
        int place = random.Next(8) switch
        {
            0 => start + over.Bytes,
            1 => start - tensor.Bytes,
            2 => start + (random.Next(-3, 4) * size),
            3 => start + over.Bytes - tensor.Bytes,
            4 => random.Next(model.Model.ArenaBytes),
            _ => start,
        };
        place = Math.Clamp(place / size * size, 0, (model.Model.ArenaBytes - tensor.Bytes) / size * size);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(model.Record(index) + FormatLayout.TensorPlaceOffset), place);
    }

    // Every tensor that begins when another has ended may take its place.
    private void Pack(byte[] bytes, PlacedModel model)
    {
        foreach (int index in model.InArena)
        {
            if (random.Next(2) == 0)
            {
                Move(bytes, model, index);
            }
        }
    }

    // One element of a constant becomes an end of its type.
    private void Set(byte[] bytes, PlacedModel model)
    {
        TensorInfo[] constants = [.. model.Model.Tensors.Where(tensor => tensor.Storage == TensorStorage.Constant)];
        if (constants.Length == 0)
        {
            return;
        }

        TensorInfo tensor = constants[random.Next(constants.Length)];
        int size = TensorTypes.SizeOf(tensor.Type);
        int at = tensor.Offset + (random.Next(tensor.Elements) * size);
        if (tensor.Type == TensorType.Float32)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(at), ends[random.Next(ends.Length)]);
        }
        else
        {
            bytes[at + size - 1] ^= (byte)(1 << random.Next(8));
        }
    }

    private void TurnState(byte[] bytes, PlacedModel model) =>
        bytes[model.Record(Pick(model.InArena)) + FormatLayout.TensorKindOffset] ^= (byte)((int)TensorStorage.State << FormatLayout.TensorStorageShift);

    // One operand becomes another tensor of the same type and, mostly, the same number of elements.
    private void Rewire(byte[] bytes, PlacedModel model)
    {
        (int position, int count) = model.Operands(random.Next(model.Model.Operators.Length));
        int at = position + (2 * random.Next(count));
        int old = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));
        int[] like = old == FormatLayout.AbsentTensor ? [] : [.. model.InArena.Where(index => Alike(model.Model.Tensors[index], model.Model.Tensors[old]))];
        Write(bytes, at, Pick(like.Length > 0 ? like : model.InArena));
    }

    private void Name(byte[] bytes, int[] entries, PlacedModel model) => Write(bytes, Pick(entries), Pick(model.InArena));

    private void Swap(byte[] bytes, PlacedModel model)
    {
        if (model.Model.Operators.Length > 1)
        {
            int step = random.Next(model.Model.Operators.Length - 1);
            int start = model.Model.Operators[step].Offset;
            int middle = model.End(step);
            int end = model.End(step + 1);
            byte[] swapped = [.. bytes[middle..end], .. bytes[start..middle]];
            swapped.CopyTo(bytes, start);
        }
    }

    private bool Alike(TensorInfo a, TensorInfo b) => a.Type == b.Type && (a.Elements == b.Elements || random.Next(8) == 0);

    private static void Write(byte[] bytes, int position, int tensor) => BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(position), (ushort)tensor);

    private int Pick(int[] choices) => choices[random.Next(choices.Length)];
}
