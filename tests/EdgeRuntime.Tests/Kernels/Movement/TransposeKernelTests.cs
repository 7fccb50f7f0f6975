using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.ModelFormat.Writing;

namespace EdgeInference.Runtime.Tests.Kernels.Movement;

/// <summary>Sizes beyond and beside a tile, which the rows of the operator's definition do not have.</summary>
public class TransposeKernelTests
{
    [Theory]
    [InlineData(3, 20, 33)]
    [InlineData(17, 3, 16)]
    [InlineData(1, 50, 31)]
    [InlineData(32, 32, 32)]
    public void Every_order_of_the_axes_moves_each_element(int a, int b, int c)
    {
        int[] shape = [a, b, c];
        float[] x = [.. Enumerable.Range(0, a * b * c).Select(i => (float)i)];
        foreach (int[] order in new int[][] { [0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0] })
        {
            float[] y = Run(x, shape, order);
            int[] strides = [b * c, c, 1];
            int at = 0;
            for (int i = 0; i < shape[order[0]]; i++)
            {
                for (int j = 0; j < shape[order[1]]; j++)
                {
                    for (int k = 0; k < shape[order[2]]; k++)
                    {
                        Assert.Equal((i * strides[order[0]]) + (j * strides[order[1]]) + (k * strides[order[2]]), y[at++]);
                    }
                }
            }
        }
    }

    private static float[] Run(float[] x, int[] shape, int[] order)
    {
        var builder = new ModelBuilder();
        int input = builder.AddTensor(TensorType.Float32, shape, 0);
        int output = builder.AddTensor(TensorType.Float32, [.. order.Select(axis => shape[axis])], ((x.Length * 4) + 63) / 64 * 64);
        builder.AddInput(input);
        builder.AddOutput(output);
        int[] parameters = new int[6];
        order.CopyTo(parameters, TransposeRule.Permutation);
        builder.AddOperator(Opcode.Transpose, [input], [output], parameters);
        using EdgeModel model = EdgeModel.Load(builder.Build());
        using Session session = model.CreateSession();
        var y = new float[x.Length];
        session.Run(x, y);
        return y;
    }
}
