using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>Table: any unary function of an int16 tensor by InterpolationTable, output int8 or int16.</summary>
    internal sealed class TableInt16 : NanoKernel
    {
        private readonly short[] input;
        private readonly int[] prepared;
        private readonly sbyte[] output8;
        private readonly short[] output16;
        private readonly int elements;

        internal TableInt16(BindContext context)
        {
            input = context.InputInt16s(0);
            prepared = InterpolationTable.Prepare((int[])context.InputElements(1));
            output8 = context.OutputInt8s();
            output16 = context.OutputInt16s();
            elements = context.Input(0).Elements;
        }

        internal override void Run()
        {
            short[] x = input;
            int[] table = prepared;
            sbyte[] y8 = output8;
            short[] y16 = output16;
            int n = elements;
            for (int i = 0; i < n; i++)
            {
                int value = InterpolationTable.Evaluate(x[i], table);
                if (y16 != null)
                {
                    y16[i] = (short)value;
                }
                else
                {
                    y8[i] = (sbyte)value;
                }
            }
        }
    }
}
