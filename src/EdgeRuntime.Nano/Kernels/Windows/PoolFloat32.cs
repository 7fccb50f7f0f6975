using EdgeInference.ModelFormat;

// x != x is the test for NaN that costs the interpreter no call.
#pragma warning disable CS1718

namespace EdgeInference.Nano.Kernels
{
    /// <summary>MaxPool and AveragePool in float32; a mean's elements are added in their order.</summary>
    internal sealed class PoolFloat32 : Pool
    {
        private readonly float[] input;
        private readonly float[] output;

        internal PoolFloat32(BindContext context)
            : base(context)
        {
            input = context.InputFloats(0);
            output = context.OutputFloats(0);
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
        }

        protected override void Add(int offset, int count, int step, int index)
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
            for (int i = index; i < end; i++)
            {
                y[i] = y[i] / divisor;
            }
        }
    }
}
