using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelFormat
{
    /// <summary>
    /// No two tensors of the arena share bytes while both are needed, and none is written twice. A sweep over the operators keeps the
    /// tensors that are needed in the order of their offsets, so that only neighbours are compared.
    /// </summary>
    internal sealed class LifetimeCheck
    {
        private const int Never = -2;
        private const int Caller = -1;

        private readonly TensorInfo[] tensors;
        private readonly OperatorRecord[] operators;

        // The step that writes a tensor, and the last one that reads it or an alias of it.
        private readonly int[] start;
        private readonly int[] end;

        // The last step so far that writes a state: from then on its aliases are no longer what they were.
        private readonly int[] rewritten;

        // A Reshape in place gives its input another shape: both are one tensor here.
        private readonly int[] root;

        // Tensors that are needed now, by offset.
        private readonly int[] live;
        private int liveCount;

        internal LifetimeCheck(TensorInfo[] tensors, OperatorRecord[] operators)
        {
            this.tensors = tensors;
            this.operators = operators;
            start = new int[tensors.Length];
            end = new int[tensors.Length];
            rewritten = new int[tensors.Length];
            root = new int[tensors.Length];
            live = new int[tensors.Length];
        }

        internal void Run(TensorInfo[] inputs, TensorInfo[] outputs)
        {
            for (int i = 0; i < tensors.Length; i++)
            {
                bool state = tensors[i].Storage == TensorStorage.State;
                root[i] = i;
                start[i] = state ? Caller : Never;
                end[i] = state ? operators.Length : Caller;
            }

            for (int i = 0; i < inputs.Length; i++)
            {
                start[inputs[i].Index] = Caller;
            }

            for (int step = 0; step < operators.Length; step++)
            {
                Follow(operators[step], step);
            }

            for (int i = 0; i < outputs.Length; i++)
            {
                Read(outputs[i].Index, operators.Length, null);
            }

            Sweep();
        }

        private void Follow(OperatorRecord record, int step)
        {
            for (int i = 0; i < record.Inputs.Length; i++)
            {
                TensorInfo input = record.Inputs[i];
                if (input != null)
                {
                    Read(input.Index, step, record);
                }
            }

            for (int i = 0; i < record.Outputs.Length; i++)
            {
                TensorInfo output = record.Outputs[i];
                if (output.Storage != TensorStorage.Arena)
                {
                    rewritten[output.Index] = step;
                    continue;
                }

                if (start[output.Index] != Never)
                {
                    throw new ModelFormatException("operators", record.Offset, record.Name + " writes tensor " + output.Index.ToString() + ", which is already written");
                }

                start[output.Index] = step;
                end[output.Index] = step;
                TensorInfo source = record.Inputs[0];
                if (record.Opcode == Opcode.Reshape && source.Storage != TensorStorage.Constant && source.Offset == output.Offset && source.Bytes == output.Bytes)
                {
                    root[output.Index] = root[source.Index];
                }
            }
        }

        private void Read(int index, int step, OperatorRecord record)
        {
            int source = root[index];
            if (source != index && rewritten[source] > start[index])
            {
                Fail(source, index, record);
            }

            // A state is needed to the end, whoever reads its aliases.
            if (tensors[source].Storage == TensorStorage.Arena)
            {
                end[source] = step;
            }
        }

        private void Sweep()
        {
            for (int i = 0; i < tensors.Length; i++)
            {
                if (start[i] == Caller)
                {
                    Insert(i, Caller, null, 0);
                }
            }

            for (int step = 0; step < operators.Length; step++)
            {
                Drop(step);
                OperatorRecord record = operators[step];
                for (int i = 0; i < record.Outputs.Length; i++)
                {
                    TensorInfo output = record.Outputs[i];
                    if (output.Storage == TensorStorage.State)
                    {
                        CheckState(record, i);
                    }
                    else if (root[output.Index] == output.Index)
                    {
                        Insert(output.Index, step, record, i);
                    }
                }
            }
        }

        private void Drop(int step)
        {
            int kept = 0;
            for (int i = 0; i < liveCount; i++)
            {
                if (end[live[i]] >= step)
                {
                    live[kept] = live[i];
                    kept++;
                }
            }

            liveCount = kept;
        }

        private void Insert(int index, int step, OperatorRecord record, int output)
        {
            TensorInfo tensor = tensors[index];
            int at = Position(tensor.Offset);
            if (at > 0 && Overlaps(tensors[live[at - 1]], tensor))
            {
                Fail(live[at - 1], index, record);
            }

            if (at < liveCount && Overlaps(tensor, tensors[live[at]]))
            {
                int other = live[at];
                if (record == null || end[other] != step || !InPlace(record, other, output))
                {
                    Fail(other, index, record);
                }

                live[at] = index;
                return;
            }

            for (int i = liveCount; i > at; i--)
            {
                live[i] = live[i - 1];
            }

            live[at] = index;
            liveCount++;
        }

        // The first of the tensors that begin at the offset or after it.
        private int Position(int offset)
        {
            int low = 0;
            int high = liveCount;
            while (low < high)
            {
                int middle = (low + high) >> 1;
                if (tensors[live[middle]].Offset < offset)
                {
                    low = middle + 1;
                }
                else
                {
                    high = middle;
                }
            }

            return low;
        }

        // An operator that reads a state and writes it reads element i for element i only.
        private void CheckState(OperatorRecord record, int output)
        {
            int index = record.Outputs[output].Index;
            for (int i = 0; i < record.Inputs.Length; i++)
            {
                if (record.Inputs[i] != null && record.Inputs[i].Storage != TensorStorage.Constant && root[record.Inputs[i].Index] == index && !InPlace(record, index, output))
                {
                    Fail(index, index, record);
                }
            }

            for (int i = 0; i < output; i++)
            {
                if (record.Outputs[i].Index == index)
                {
                    Fail(index, index, record);
                }
            }
        }

        private bool InPlace(OperatorRecord record, int index, int output)
        {
            TensorInfo written = record.Outputs[output];
            bool reads = false;
            for (int i = 0; i < record.Inputs.Length; i++)
            {
                TensorInfo input = record.Inputs[i];
                if (input == null || input.Storage == TensorStorage.Constant || root[input.Index] != index)
                {
                    continue;
                }

                reads = true;
                if (input.Offset != written.Offset || input.Type != written.Type || input.Elements != written.Elements || !InPlaceRule.Allows(record.Opcode, i, output))
                {
                    return false;
                }
            }

            return reads;
        }

        private static bool Overlaps(TensorInfo first, TensorInfo second)
        {
            return second.Offset - first.Offset < first.Bytes;
        }

        private static void Fail(int first, int second, OperatorRecord record)
        {
            throw new ModelFormatException(
                record == null ? "tensors" : "operators",
                record == null ? 0 : record.Offset,
                first == second ? "tensor " + first.ToString() + " is written while it is read" : "tensors " + first.ToString() + " and " + second.ToString() + " share bytes while both are in use");
        }
    }
}
