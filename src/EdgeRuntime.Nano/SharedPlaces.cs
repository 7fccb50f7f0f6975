using System;
using EdgeInference.ModelFormat;

namespace EdgeInference.Nano
{
    /// <summary>
    /// Which tensors share an array: those of one type and storage that start at one arena offset. They are sorted by numbers, so that
    /// 65,535 tensors take no minutes.
    /// </summary>
    internal sealed class SharedPlaces
    {
        /// <summary>The place of each tensor that is not constant.</summary>
        internal readonly ushort[] Places;

        /// <summary>The largest tensor of each place, and nulls after the last.</summary>
        internal readonly TensorInfo[] Largest;

        /// <summary>Number of places.</summary>
        internal readonly int Count;

        /// <summary>Bytes of the largest tensors of all places.</summary>
        internal readonly long Bytes;

        internal SharedPlaces(ModelFile file)
        {
            Places = new ushort[file.TensorCount];

            // Offset, type, storage and, in the low 16 bits, the tensor.
            long[] keys = new long[Places.Length];
            int count = 0;
            for (int i = 0; i < keys.Length; i++)
            {
                TensorInfo tensor = file.Tensor(i);
                if (tensor.Storage != TensorStorage.Constant)
                {
                    long key = ((long)tensor.Offset << 24) | ((long)tensor.Type << 20) | ((long)tensor.Storage << 16) | (long)i;
                    int at = Position(keys, count, key);
                    Array.Copy(keys, at, keys, at + 1, count - at);
                    keys[at] = key;
                    count++;
                }
            }

            Largest = new TensorInfo[count];
            for (int i = 0; i < count; i++)
            {
                TensorInfo tensor = file.Tensor((int)(keys[i] & 0xFFFF));
                if (i == 0 || keys[i] >> 16 != keys[i - 1] >> 16)
                {
                    Largest[Count++] = tensor;
                    Bytes += tensor.Bytes;
                }

                int place = Count - 1;
                Places[tensor.Index] = (ushort)place;
                if (Largest[place].Bytes < tensor.Bytes)
                {
                    Bytes += tensor.Bytes - Largest[place].Bytes;
                    Largest[place] = tensor;
                }
            }
        }

        private static int Position(long[] keys, int count, long key)
        {
            int low = 0;
            while (low < count)
            {
                int middle = (low + count) >> 1;
                if (keys[middle] < key)
                {
                    low = middle + 1;
                }
                else
                {
                    count = middle;
                }
            }

            return low;
        }
    }
}
