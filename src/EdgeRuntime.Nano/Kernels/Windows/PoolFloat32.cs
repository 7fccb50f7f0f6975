using EdgeInference.ModelFormat.Numerics;
using EdgeInference.ModelFormat.Rules;

// x != x is the test for NaN that costs the interpreter no call.
#pragma warning disable CS1718

namespace EdgeInference.Nano.Kernels
{
    /// <summary>MaxPool and AveragePool in float32; a mean's elements are added in their order, a large window's in parts (FloatSums).</summary>
    internal sealed class PoolFloat32 : Pool
    {
        private readonly float[] input;
        private readonly float[] output;

        // For means of large windows: the sums of the parts, and what their additions rounded away.
        private readonly float[] sums;
        private readonly float[] errors;
        private int room;

        internal PoolFloat32(BindContext context)
            : base(context)
        {
            input = context.InputFloats(0);
            output = context.OutputFloats(0);
            if (!IsMax && (long)context.Operator.Int(PoolRule.Kernel) * context.Operator.Int(PoolRule.Kernel + 1) > FloatSums.Part)
            {
                sums = new float[Channels];
                errors = new float[Channels];
            }
        }

        protected override void Begin(int index)
        {
            float[] y = output;
            float initial = IsMax ? float.NegativeInfinity : 0f;
            int end = index + Channels;
            for (int i = index; i < end; i++)
            {
                y[i] = initial;
            }

            if (sums != null)
            {
                room = FloatSums.Part;
                for (int i = 0; i < sums.Length; i++)
                {
                    sums[i] = 0f;
                    errors[i] = 0f;
                }
            }
        }

        protected override void Add(int offset, int count, int step, int index)
        {
            if (sums == null)
            {
                AddPart(offset, count, step, index);
                return;
            }

            while (count > 0)
            {
                if (room == 0)
                {
                    Empty(index);
                    room = FloatSums.Part;
                }

                int part = count < room ? count : room;
                AddPart(offset, part, step, index);
                offset += part * step;
                count -= part;
                room -= part;
            }
        }

        private void Empty(int index)
        {
            float[] y = output;
            for (int i = 0; i < sums.Length; i++)
            {
                float part = y[index + i];
                float sum = sums[i];
                float after = sum + part;
                errors[i] += FloatSums.Lost(sum, part, after);
                sums[i] = after;
                y[index + i] = 0f;
            }
        }

        private void AddPart(int offset, int count, int step, int index)
        {
            float[] x = input;
            float[] y = output;
            int end = index + Channels;
            for (int k = 0; k < count; k++)
            {
                int from = offset;
                if (IsMax)
                {
                    for (int i = index; i < end; i++)
                    {
                        float value = x[from];
                        if ((0f < value - y[i] && y[i] == y[i]) || value != value)
                        {
                            y[i] = value;
                        }

                        from++;
                    }
                }
                else
                {
                    for (int i = index; i < end; i++)
                    {
                        y[i] += x[from];
                        from++;
                    }
                }

                offset += step;
            }
        }

        protected override void End(int index, int within, int counted)
        {
            // A window wholly outside x has nothing to average.
            if (IsMax || counted == 0)
            {
                return;
            }

            float[] y = output;
            float divisor = counted;
            int end = index + Channels;
            if (sums != null)
            {
                Empty(index);
                for (int i = 0; i < sums.Length; i++)
                {
                    y[index + i] = FloatSums.Total(sums[i], errors[i]);
                }
            }

            for (int i = index; i < end; i++)
            {
                y[i] = y[i] / divisor;
            }
        }
    }
}
