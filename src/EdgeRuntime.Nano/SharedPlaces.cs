using EdgeInference.ModelFormat;

namespace EdgeInference.Nano
{
    /// <summary>
    /// Which tensors share an array: those of one type and storage that start at one arena offset. Sorted, so that 65,535 tensors take no
    /// minutes; in arrays of numbers, so that they take a device little memory.
    /// </summary>
    internal sealed class SharedPlaces
    {
        private readonly ushort[] tensors;
        private readonly int[] offsets;
        private readonly int[] elements;
        private readonly byte[] kinds;
        private readonly ushort[] order;

        internal SharedPlaces(ModelFile file)
        {
            int count = 0;
            for (int i = 0; i < file.TensorCount; i++)
            {
                count += file.Tensor(i).Storage != TensorStorage.Constant ? 1 : 0;
            }

            tensors = new ushort[count];
            offsets = new int[count];
            elements = new int[count];
            kinds = new byte[count];
            order = new ushort[count];
            count = 0;
            for (int i = 0; i < file.TensorCount; i++)
            {
                TensorInfo tensor = file.Tensor(i);
                if (tensor.Storage != TensorStorage.Constant)
                {
                    tensors[count] = (ushort)i;
                    offsets[count] = tensor.Offset;
                    elements[count] = tensor.Elements;
                    kinds[count] = (byte)(((int)tensor.Type * 4) + (int)tensor.Storage);
                    order[count] = (ushort)count;
                    count++;
                }
            }

            Sort();
        }

        /// <summary>Number of tensors that are not constant. Those that share an array stand one after the other.</summary>
        internal int Count
        {
            get { return order.Length; }
        }

        /// <summary>Index in the file of the tensor at <paramref name="position"/>.</summary>
        internal int Tensor(int position)
        {
            return tensors[order[position]];
        }

        /// <summary>Element type of the tensor at <paramref name="position"/>.</summary>
        internal TensorType Type(int position)
        {
            return (TensorType)(kinds[order[position]] / 4);
        }

        /// <summary>Whether the tensor at <paramref name="position"/> is a state.</summary>
        internal bool IsState(int position)
        {
            return (kinds[order[position]] & 3) == (int)TensorStorage.State;
        }

        /// <summary>One past the last tensor that shares the array of the one at <paramref name="from"/>.</summary>
        internal int End(int from)
        {
            int end = from + 1;
            while (end < order.Length && Compare(order[from], order[end]) == 0)
            {
                end++;
            }

            return end;
        }

        /// <summary>Most elements of a tensor from <paramref name="from"/> to before <paramref name="end"/>.</summary>
        internal int Largest(int from, int end)
        {
            int largest = 0;
            for (; from < end; from++)
            {
                largest = elements[order[from]] > largest ? elements[order[from]] : largest;
            }

            return largest;
        }

        /// <summary>Bytes of all arrays.</summary>
        internal long Bytes()
        {
            long bytes = 0;
            for (int from = 0; from < order.Length;)
            {
                int end = End(from);
                bytes += (long)Largest(from, end) * TensorTypes.SizeOf(Type(from));
                from = end;
            }

            return bytes;
        }

        private int Compare(int left, int right)
        {
            if (offsets[left] != offsets[right])
            {
                return offsets[left] < offsets[right] ? -1 : 1;
            }

            return kinds[left] - kinds[right];
        }

        // Heapsort: it needs no memory and is never slow.
        private void Sort()
        {
            for (int i = (order.Length / 2) - 1; i >= 0; i--)
            {
                Sift(i, order.Length);
            }

            for (int end = order.Length - 1; end > 0; end--)
            {
                ushort last = order[end];
                order[end] = order[0];
                order[0] = last;
                Sift(0, end);
            }
        }

        private void Sift(int root, int end)
        {
            ushort moved = order[root];
            while ((2 * root) + 1 < end)
            {
                int child = (2 * root) + 1;
                if (child + 1 < end && Compare(order[child], order[child + 1]) < 0)
                {
                    child++;
                }

                if (Compare(moved, order[child]) >= 0)
                {
                    break;
                }

                order[root] = order[child];
                root = child;
            }

            order[root] = moved;
        }
    }
}
