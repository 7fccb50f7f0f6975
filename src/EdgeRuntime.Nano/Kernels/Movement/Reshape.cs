using System;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>Reshape: a copy, where input and output do not share one array.</summary>
    internal sealed class Reshape : NanoKernel
    {
        private readonly Array input;
        private readonly Array output;
        private readonly int elements;

        internal Reshape(BindContext context)
        {
            input = context.InputElements(0);
            output = context.OutputElements();
            elements = context.Input(0).Elements;
        }

        /// <summary>Whether the elements are already where the output wants them.</summary>
        internal static bool IsNoOp(BindContext context)
        {
            return context.InputElements(0) == context.OutputElements();
        }

        internal override void Run()
        {
            Array.Copy(input, output, elements);
        }
    }
}
