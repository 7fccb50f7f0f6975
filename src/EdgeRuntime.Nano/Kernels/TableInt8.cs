using ModelFormat;

namespace EdgeRuntime.Nano.Kernels
{
    /// <summary>Table: any unary function of an int8 tensor as 256 entries, int8 or int16; entry 0 is for −128.</summary>
    internal sealed class TableInt8 : NanoKernel
    {
        private readonly sbyte[] input;
        private readonly sbyte[] table8;
        private readonly short[] table16;
        private readonly sbyte[] output8;
        private readonly short[] output16;
        private readonly int elements;

        internal TableInt8(BindContext context)
        {
            input = context.InputInt8s(0);
            output8 = context.OutputInt8s();
            output16 = context.OutputInt16s();
            table8 = output8 == null ? null : context.InputInt8s(1);
            table16 = output8 == null ? (short[])context.InputElements(1) : null;
            elements = context.Input(0).Elements;
        }

        internal override void Run()
        {
            sbyte[] x = input;
            int n = elements;
            if (output8 != null)
            {
                sbyte[] y = output8;
                sbyte[] table = table8;
                for (int i = 0; i < n; i++)
                {
                    y[i] = table[x[i] + 128];
                }

                return;
            }

            short[] z = output16;
            short[] wide = table16;
            for (int i = 0; i < n; i++)
            {
                z[i] = wide[x[i] + 128];
            }
        }
    }
}
