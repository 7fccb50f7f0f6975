using System;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>ConvTranspose in float32; products are added in the order of the formula.</summary>
    internal sealed class ConvTransposeFloat32 : ConvTranspose
    {
        private readonly float[] input;
        private readonly float[] output;
        private readonly float[] bias;
        private readonly float[] dots;
        private readonly FloatMatrix[] matrices;
        private readonly int groups;
        private readonly Activation activation;
        private readonly int elements;
        private int image;

        internal ConvTransposeFloat32(BindContext context, WindowGeometry geometry)
            : base(geometry)
        {
            input = context.InputFloats(0);
            output = context.OutputFloats(0);
            elements = context.Output().Elements;
            bias = context.Operator.HasInput(2) ? context.InputFloats(2) : new float[geometry.Units];
            groups = geometry.Groups;
            dots = new float[geometry.UnitsPerGroup];
            activation = Activation.Of(context, DenseRule.Activation);
            int window = geometry.KernelHeight * geometry.KernelWidth;
            matrices = new FloatMatrix[window * groups];
            for (int i = 0; i < matrices.Length; i++)
            {
                matrices[i] = new FloatMatrix(
                    context.FileBytes,
                    context.Input(1).Offset + (4 * MatrixOffset(geometry, i / groups, i % groups)),
                    window * geometry.ChannelsPerGroup,
                    geometry.UnitsPerGroup,
                    geometry.ChannelsPerGroup);
            }
        }

        internal override void Run()
        {
            base.Run();
            activation.Apply(output, output, elements);
        }

        protected override void Begin(int index)
        {
            image = index;
            for (int i = 0; i < ImageElements; i += bias.Length)
            {
                Array.Copy(bias, 0, output, index + i, bias.Length);
            }
        }

        protected override void Add(int element, int group, int from, int to)
        {
            float[] d = dots;
            float[] y = output;
            int n = d.Length;
            Array.Clear(d, 0, n);
            matrices[(element * groups) + group].Accumulate(input, from, d);
            int index = image + to;
            for (int i = 0; i < n; i++)
            {
                y[index] += d[i];
                index++;
            }
        }

        protected override void End(int index)
        {
        }
    }
}
