using System;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>float32 weights in the order that they are read in, times a row. Inputs are held in locals, eight at a time; products are added in their order.</summary>
    internal sealed class FloatMatrix
    {
        private const int Group = 8;

        private readonly float[] weights;
        private readonly int units;
        private readonly int depth;

        /// <param name="bytes">The model file.</param>
        /// <param name="offset">Where the first unit's weights lie.</param>
        /// <param name="unitStride">Weights from a unit's first to the next one's.</param>
        /// <param name="units">Number of units.</param>
        /// <param name="depth">Weights of a unit.</param>
        internal FloatMatrix(byte[] bytes, int offset, int unitStride, int units, int depth)
        {
            this.units = units;
            this.depth = depth;

            // [group][unit][input of the group], the rest of the inputs singly.
            weights = new float[units * depth];
            int whole = depth - (depth % Group);
            for (int unit = 0; unit < units; unit++)
            {
                for (int i = 0; i < depth; i++)
                {
                    int slot = i < whole ? ((((i / Group) * units) + unit) * Group) + (i % Group) : (i * units) + unit;
                    weights[slot] = BitConverter.ToSingle(bytes, offset + (((unit * unitStride) + i) * 4));
                }
            }
        }

        /// <summary>Adds to each unit's sum its products with the row that begins at <paramref name="start"/>.</summary>
        internal void Accumulate(float[] x, int start, float[] s)
        {
            float[] w = weights;
            int n = units;
            int end = start + depth;
            int whole = end - (depth % Group);
            int k = 0;
            int i = start;
            for (; i < whole; i += Group)
            {
                float x0 = x[i];
                float x1 = x[i + 1];
                float x2 = x[i + 2];
                float x3 = x[i + 3];
                float x4 = x[i + 4];
                float x5 = x[i + 5];
                float x6 = x[i + 6];
                float x7 = x[i + 7];
                for (int unit = 0; unit < n; unit++)
                {
                    s[unit] = s[unit] + (x0 * w[k]) + (x1 * w[k + 1]) + (x2 * w[k + 2]) + (x3 * w[k + 3])
                        + (x4 * w[k + 4]) + (x5 * w[k + 5]) + (x6 * w[k + 6]) + (x7 * w[k + 7]);
                    k += Group;
                }
            }

            for (; i < end; i++)
            {
                float x0 = x[i];
                for (int unit = 0; unit < n; unit++)
                {
                    s[unit] += x0 * w[k];
                    k++;
                }
            }
        }
    }
}
