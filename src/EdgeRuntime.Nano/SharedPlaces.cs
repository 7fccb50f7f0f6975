using EdgeInference.ModelFormat;

namespace EdgeInference.Nano
{
    /// <summary>
    /// Which tensors share an array: those of one type and storage that start at one arena offset. They are sorted as
    /// numbers, so that the 65,535 tensors that a file may have take seconds on a desktop, not minutes.
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
                    int at = count++;
                    for (; at > 0 && key < keys[at - 1]; at--)
                    {
                        keys[at] = keys[at - 1];
                    }

                    keys[at] = key;
                }
            }

            Largest = new TensorInfo[count];
            int place = -1;
            for (int i = 0; i < count; i++)
            {
                int index = (int)(keys[i] & 0xFFFF);
                TensorInfo tensor = file.Tensor(index);
                if (i == 0 || keys[i] >> 16 != keys[i - 1] >> 16)
                {
                    place++;
                }
                else if (tensor.Bytes <= Largest[place].Bytes)
                {
                    tensor = Largest[place];
                }

                Largest[place] = tensor;
                Places[index] = (ushort)place;
            }

            Count = place + 1;
            for (int i = 0; i < Count; i++)
            {
                Bytes += Largest[i].Bytes;
            }
        }
    }
}
