using System;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>Concat: for each position of the axes before, a run of elements from each input in turn. Any type.</summary>
    internal sealed class Concat : NanoKernel
    {
        private readonly Array[] inputs;
        private readonly int[] lengths;
        private readonly Array output;
        private readonly int outer = 1;

        internal Concat(BindContext context)
        {
            int axis = context.Operator.Int(ConcatRule.Axis);
            for (int i = 0; i < axis; i++)
            {
                outer *= context.Output().Dimension(i);
            }

            output = context.OutputElements();
            inputs = new Array[context.Operator.Inputs.Length];
            lengths = new int[inputs.Length];
            for (int i = 0; i < inputs.Length; i++)
            {
                inputs[i] = context.InputElements(i);
                lengths[i] = context.Input(i).Elements / outer;
            }
        }

        internal override void Run()
        {
            int index = 0;
            for (int i = 0; i < outer; i++)
            {
                for (int k = 0; k < inputs.Length; k++)
                {
                    int length = lengths[k];
                    Array.Copy(inputs[k], i * length, output, index, length);
                    index += length;
                }
            }
        }
    }
}
