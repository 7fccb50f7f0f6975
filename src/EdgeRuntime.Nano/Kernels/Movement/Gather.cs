using System;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

// x != x is the test for NaN that costs the interpreter no call.
#pragma warning disable CS1718

namespace EdgeInference.Nano.Kernels
{
    /// <summary>Gather: for each position of the axes before, and each index, a run of elements. Any type.</summary>
    internal sealed class Gather : NanoKernel
    {
        private readonly Array input;
        private readonly Array output;
        private readonly float[] computed;
        private readonly int[] places;
        private readonly int outer = 1;
        private readonly int size;
        private readonly int length;

        internal Gather(BindContext context)
        {
            TensorInfo x = context.Input(0);
            TensorInfo indices = context.Input(1);
            int axis = context.Operator.Int(GatherRule.Axis);
            for (int i = 0; i < axis; i++)
            {
                outer *= x.Dimension(i);
            }

            input = context.InputElements(0);
            output = context.OutputElements();
            size = x.Dimension(axis);
            length = x.Elements / outer / size;
            computed = indices.Type == TensorType.Float32 ? context.InputFloats(1) : null;
            places = computed == null ? (int[])context.InputElements(1) : new int[indices.Elements];
        }

        internal override void Run()
        {
            for (int i = 0; i < places.Length && computed != null; i++)
            {
                places[i] = Place(computed[i]);
            }

            int index = 0;
            int from = 0;
            for (int i = 0; i < outer; i++)
            {
                for (int k = 0; k < places.Length; k++)
                {
                    Array.Copy(input, from + (places[k] * length), output, index, length);
                    index += length;
                }

                from += size * length;
            }
        }

        // Indices that the model computes may be anything: negative ones count from the end, others end at the border, NaN is 0.
        private int Place(float value)
        {
            float place = value < 0f ? value + size : value;
            if (place != place || place <= 0f)
            {
                return 0;
            }

            int last = size - 1;
            return last <= place ? last : (int)place;
        }
    }
}
