using System.Runtime.InteropServices;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.ModelFormat.Writing;

namespace EdgeInference.ModelFormat.Tests;

/// <summary>Sizes whose product passes 2³²: taken as an int it would be a small number, for which the tensors are large enough.</summary>
public class OverflowTests
{
    // 2^23 + 1 times 512 is 512 in 32 bits.
    private const int Many = (1 << 23) + 1;
    private const int Few = 512;

    [Fact]
    public void States_of_more_elements_than_an_int_holds_are_refused()
    {
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Float32, [1, Many, 1], 0);
        int weights = builder.AddConstant(TensorType.Float32, [Few, 1], new byte[Few * 4]);
        int recurrent = builder.AddConstant(TensorType.Float32, [Few, Few], new byte[Few * Few * 4]);
        int all = builder.AddTensor(TensorType.Float32, [Few], 0);
        int last = builder.AddTensor(TensorType.Float32, [Few], 0);
        builder.AddOperator(Opcode.RNN, [x, weights, recurrent], [all, last], new int[RecurrentRule.Parameters.Length]);
        RequireRefused(builder, x, last);
    }

    [Fact]
    public void Trees_with_more_results_than_an_int_holds_are_refused()
    {
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Float32, [Many, 1], 0);
        int trees = builder.AddConstant(TensorType.Int8, [1], [1]);
        int features = builder.AddConstant(TensorType.Int8, [1], [0]);
        int children = builder.AddConstant(TensorType.Int8, [1, 2], [255, 255]);
        int thresholds = builder.AddConstant(TensorType.Float32, [1], new byte[4]);
        int weights = builder.AddConstant(TensorType.Float32, [1, 1], MemoryMarshal.AsBytes<float>([1f]));
        int targets = builder.AddConstant(TensorType.Int8, [1], [0]);
        int y = builder.AddTensor(TensorType.Float32, [1, Few], 0);
        builder.AddOperator(Opcode.TreeEnsemble, [x, trees, features, children, thresholds, weights, targets], [y], [0, 0, (int)TreeTargets.OfWeight]);
        RequireRefused(builder, x, y);
    }

    private static void RequireRefused(ModelBuilder builder, int input, int output)
    {
        builder.AddInput(input);
        builder.AddOutput(output);
        ModelFormatException exception = Assert.Throws<ModelFormatException>(() => builder.Build());
        Assert.Contains($"expected {(long)Many * Few}", exception.Message, StringComparison.Ordinal);
    }
}
