using EdgeInference.ModelConverter.Operators;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Emit;

/// <summary>Which tensors share an array, because none is needed any more when the next is written, and which layers keep their weights in arrays.</summary>
internal sealed class ArrayPlan
{
    private readonly Dictionary<int, Slot> slots = [];

    internal ArrayPlan(ModelFile file, IReadOnlySet<OperatorRecord> packed)
    {
        Packed = packed;
        var roots = new Dictionary<int, int>();
        var last = new Dictionary<int, int>();
        for (int i = 0; i < file.Operators.Length; i++)
        {
            OperatorRecord record = file.Operators[i];
            bool isView = OperatorDefinitions.Of(record.Info.Opcode).IsView && record.Inputs[0].Storage != TensorStorage.Constant;
            foreach (TensorInfo output in record.Outputs)
            {
                roots[output.Index] = isView ? roots.GetValueOrDefault(record.Inputs[0].Index, record.Inputs[0].Index) : output.Index;
                last[roots[output.Index]] = i;
            }

            foreach (TensorInfo input in record.Inputs.Where(tensor => tensor is not null))
            {
                last[roots.GetValueOrDefault(input.Index, input.Index)] = i;
            }
        }

        foreach (TensorInfo output in file.Outputs)
        {
            last[roots.GetValueOrDefault(output.Index, output.Index)] = int.MaxValue;
        }

        var all = new List<Slot>();
        for (int i = 0; i < file.Operators.Length; i++)
        {
            foreach (TensorInfo output in file.Operators[i].Outputs.Where(tensor => roots[tensor.Index] == tensor.Index))
            {
                Slot? slot = all.Where(other => other.Type == output.Type && other.Last < i).OrderBy(other => Math.Abs(other.Length - output.Elements)).FirstOrDefault();
                if (slot is null)
                {
                    slot = new Slot(all.Count, output.Type);
                    all.Add(slot);
                }

                slot.Length = Math.Max(slot.Length, output.Elements);
                slot.Last = last[output.Index];
                slots[output.Index] = slot;
            }
        }
    }

    /// <summary>The layers whose weights lie in arrays.</summary>
    internal IReadOnlySet<OperatorRecord> Packed { get; }

    /// <summary>The array of a tensor that an operator writes: its name and length.</summary>
    internal (string Name, int Length) Of(int tensor) => ($"A{slots[tensor].Number}", slots[tensor].Length);

    private sealed class Slot(int number, TensorType type)
    {
        internal int Number { get; } = number;

        internal TensorType Type { get; } = type;

        internal int Length { get; set; }

        internal int Last { get; set; }
    }
}

/// <summary>Where a tensor lies.</summary>
/// <param name="Name">A local or parameter, an array.</param>
/// <param name="Offset">Its first element.</param>
internal readonly record struct ArrayPlace(string Name, int Offset);

/// <summary>A layer's weights.</summary>
/// <param name="Record">The layer.</param>
/// <param name="Bytes">Bytes of IL that they take in the code.</param>
/// <param name="Products">Products of an inference.</param>
internal sealed record WeightMatrix(OperatorRecord Record, long Bytes, long Products);
