using EdgeInference.ModelFormat;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>
    /// Table: any unary function of an int8 tensor as 256 entries, int8 or int16; entry 0 is for −128. One table for all
    /// channels, or one for each.
    /// </summary>
    internal sealed class TableInt8 : NanoKernel
    {
        private const int Entries = 256;

        private readonly sbyte[] input;
        private readonly sbyte[] table8;
        private readonly short[] table16;
        private readonly sbyte[] output8;
        private readonly short[] output16;
        private readonly int elements;
        private readonly int tables;

        internal TableInt8(BindContext context)
        {
            input = context.InputInt8s(0);
            output8 = context.OutputInt8s();
            output16 = context.OutputInt16s();
            table8 = output8 == null ? null : context.InputInt8s(1);
            table16 = output8 == null ? context.InputInt16s(1) : null;
            elements = context.Input(0).Elements;
            tables = context.Input(1).Elements / Entries;
        }

        internal override void Run()
        {
            int rowLength = tables == 1 ? elements : tables;
            for (int start = 0; start < elements; start += rowLength)
            {
                if (output8 != null)
                {
                    RunInt8(start, start + rowLength);
                }
                else
                {
                    RunInt16(start, start + rowLength);
                }
            }
        }

        private void RunInt8(int start, int end)
        {
            sbyte[] x = input;
            sbyte[] y = output8;
            sbyte[] table = table8;
            int step = tables == 1 ? 0 : Entries;
            int zero = 128;
            for (int i = start; i < end; i++)
            {
                y[i] = table[x[i] + zero];
                zero += step;
            }
        }

        private void RunInt16(int start, int end)
        {
            sbyte[] x = input;
            short[] y = output16;
            short[] table = table16;
            int step = tables == 1 ? 0 : Entries;
            int zero = 128;
            for (int i = start; i < end; i++)
            {
                y[i] = table[x[i] + zero];
                zero += step;
            }
        }
    }
}
