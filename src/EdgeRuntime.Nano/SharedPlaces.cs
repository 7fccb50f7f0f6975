using EdgeInference.ModelFormat;

namespace EdgeInference.Nano
{
    /// <summary>Which tensors share an array: those of one type and storage that start at one arena offset. Sorted, so that 65,535 tensors take no minutes.</summary>
    internal static class SharedPlaces
    {
        /// <summary>Indices of all tensors that are not constant, those that share an array one after the other.</summary>
        internal static int[] Order(TensorInfo[] tensors)
        {
            int count = 0;
            for (int i = 0; i < tensors.Length; i++)
            {
                count += tensors[i].Storage != TensorStorage.Constant ? 1 : 0;
            }

            int[] order = new int[count];
            count = 0;
            for (int i = 0; i < tensors.Length; i++)
            {
                if (tensors[i].Storage != TensorStorage.Constant)
                {
                    order[count] = i;
                    count++;
                }
            }

            Sort(tensors, order);
            return order;
        }

        /// <summary>One past the last tensor that shares the array of the one at <paramref name="from"/>.</summary>
        internal static int End(TensorInfo[] tensors, int[] order, int from)
        {
            int end = from + 1;
            while (end < order.Length && Compare(tensors[order[from]], tensors[order[end]]) == 0)
            {
                end++;
            }

            return end;
        }

        /// <summary>Most elements of a tensor from <paramref name="from"/> to before <paramref name="end"/>.</summary>
        internal static int Largest(TensorInfo[] tensors, int[] order, int from, int end)
        {
            int elements = 0;
            for (; from < end; from++)
            {
                elements = tensors[order[from]].Elements > elements ? tensors[order[from]].Elements : elements;
            }

            return elements;
        }

        /// <summary>Bytes of all arrays.</summary>
        internal static long Bytes(TensorInfo[] tensors)
        {
            int[] order = Order(tensors);
            long bytes = 0;
            for (int from = 0; from < order.Length;)
            {
                int end = End(tensors, order, from);
                TensorInfo first = tensors[order[from]];
                bytes += (long)Largest(tensors, order, from, end) * (first.Bytes / first.Elements);
                from = end;
            }

            return bytes;
        }

        private static int Compare(TensorInfo left, TensorInfo right)
        {
            if (left.Offset != right.Offset)
            {
                return left.Offset < right.Offset ? -1 : 1;
            }

            int difference = (int)left.Type - (int)right.Type;
            return difference != 0 ? difference : (int)left.Storage - (int)right.Storage;
        }

        // Heapsort: it needs no memory and is never slow.
        private static void Sort(TensorInfo[] tensors, int[] order)
        {
            for (int i = (order.Length / 2) - 1; i >= 0; i--)
            {
                Sift(tensors, order, i, order.Length);
            }

            for (int end = order.Length - 1; end > 0; end--)
            {
                int last = order[end];
                order[end] = order[0];
                order[0] = last;
                Sift(tensors, order, 0, end);
            }
        }

        private static void Sift(TensorInfo[] tensors, int[] order, int root, int end)
        {
            int moved = order[root];
            while ((2 * root) + 1 < end)
            {
                int child = (2 * root) + 1;
                if (child + 1 < end && Compare(tensors[order[child]], tensors[order[child + 1]]) < 0)
                {
                    child++;
                }

                if (Compare(tensors[moved], tensors[order[child]]) >= 0)
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
