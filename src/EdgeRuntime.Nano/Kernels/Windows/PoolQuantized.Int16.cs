// Written from PoolQuantized.template by KernelTemplateTests.
namespace EdgeInference.Nano.Kernels
{
    /// <content>The pixels of int16.</content>
    internal sealed partial class PoolQuantized
    {
        private void Add16(short[] x, int offset, int count, int step)
        {
            int[] t = totals;
            int n = Channels;
            for (int k = 0; k < count; k++)
            {
                int from = offset;
                if (IsMax)
                {
                    for (int i = 0; i < n; i++)
                    {
                        int value = x[from];
                        if (value > t[i])
                        {
                            t[i] = value;
                        }

                        from++;
                    }
                }
                else
                {
                    for (int i = 0; i < n; i++)
                    {
                        t[i] += x[from];
                        from++;
                    }
                }

                offset += step;
            }
        }
    }
}
