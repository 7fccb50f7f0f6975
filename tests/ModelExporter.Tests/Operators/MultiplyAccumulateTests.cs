using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators;
using EdgeInference.ModelFormat;

namespace EdgeInference.Tool.Tests.Operators;

/// <summary>Multiply-accumulates counted by hand.</summary>
public class MultiplyAccumulateTests
{
    [Fact]
    public void A_layer_takes_a_row_of_weights_for_each_output()
    {
        // 5 rows, 3 units of 7 inputs.
        Assert.Equal(5 * 3 * 7, Of(Opcode.Dense, [5, 3], [5, 7], [3, 7]));
        Assert.Equal(2 * 4 * 3 * 7, Of(Opcode.Dense, [2, 4, 3], [2, 4, 7], [3, 7], [3]));

        // 4·3 places, 8 units of 3·2 taps and 6 channels.
        Assert.Equal(4 * 3 * 8 * 3 * 2 * 6, Of(Opcode.Conv, [1, 4, 3, 8], [1, 6, 4, 6], [8, 3, 2, 6], [8]));

        // In 2 groups each unit reads 3 channels; in 6 groups, one.
        Assert.Equal(4 * 3 * 8 * 3 * 2 * 3, Of(Opcode.Conv, [1, 4, 3, 8], [1, 6, 4, 6], [8, 3, 2, 3]));
        Assert.Equal(4 * 3 * 6 * 3 * 2, Of(Opcode.Conv, [1, 4, 3, 6], [1, 6, 4, 6], [6, 3, 2, 1]));
    }

    [Fact]
    public void A_transposed_convolution_takes_all_weights_for_each_pixel_of_its_input()
    {
        // 3·2 pixels of 4 channels, 5 units of 2·2 taps.
        Assert.Equal(3 * 2 * 4 * 5 * 2 * 2, Of(Opcode.ConvTranspose, [1, 6, 4, 5], [1, 3, 2, 4], [5, 2, 2, 4]));

        // In 2 groups each of the 4 channels reaches 3 of 6 units.
        Assert.Equal(3 * 2 * 4 * 3 * 2 * 2, Of(Opcode.ConvTranspose, [1, 6, 4, 6], [1, 3, 2, 4], [6, 2, 2, 2]));
    }

    [Fact]
    public void A_recurrent_layer_takes_both_its_matrices_at_each_step()
    {
        // 10 steps, 2 sequences, 8 features, 8 units: each gate has 8·8 weights twice.
        Assert.Equal(10 * 2 * (64 + 64), Of(Opcode.RNN, [10, 2, 8], [10, 2, 8], [8, 8], [8, 8]));
        Assert.Equal(10 * 2 * 3 * (64 + 64), Of(Opcode.GRU, [10, 2, 8], [10, 2, 8], [24, 8], [24, 8]));
        Assert.Equal(5120, Of(Opcode.LSTM, [10, 1, 8], [10, 1, 8], [32, 8], [32, 8], [64]));

        // 5 features, 3 units.
        Assert.Equal(10 * 4 * ((3 * 5) + (3 * 3)), Of(Opcode.LSTM, [10, 1, 3], [10, 1, 5], [12, 5], [12, 3]));
        Assert.Equal(20 * 4 * ((3 * 5) + (3 * 3)), Of(Opcode.QuantizedLSTM, [10, 2, 3], [10, 2, 5], [12, 5], [12, 3]));
        Assert.Equal(20 * 3 * ((3 * 5) + (3 * 3)), Of(Opcode.QuantizedRecurrent, [10, 2, 3], [10, 2, 5], [9, 5], [9, 3]));
    }

    [Fact]
    public void A_product_of_matrices_takes_its_depth_for_each_output()
    {
        Assert.Equal(2 * 3 * 5 * 7, Of(Opcode.MatMul, [2, 3, 5], [2, 3, 7], [7, 5]));
        Assert.Equal(2 * 3 * 1 * 7, Of(Opcode.MatMul, [2, 3, 1], [3, 7], [2, 7, 1]));
    }

    [Fact]
    public void Other_operators_have_no_weights_to_multiply()
    {
        Opcode[] products = [Opcode.Dense, Opcode.Conv, Opcode.ConvTranspose, Opcode.MatMul, Opcode.RNN, Opcode.GRU, Opcode.LSTM, Opcode.QuantizedLSTM, Opcode.QuantizedRecurrent];
        foreach (Opcode opcode in Enum.GetValues<Opcode>().Except(products))
        {
            Assert.True(Of(opcode, [1, 2, 2, 3], [1, 4, 4, 3], [3], [3], [3]) == 0, $"{opcode} multiplies and accumulates");
        }
    }

    private static long Of(Opcode opcode, int[] output, params int[][] inputs)
    {
        var node = new Node(opcode, "node", inputs.Select(shape => new Value("x", TensorType.Float32, shape)), new Value("y", TensorType.Float32, output));
        return OperatorDefinitions.Of(opcode).MultiplyAccumulates(OperatorShapes.Of(node));
    }
}
