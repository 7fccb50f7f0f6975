namespace EdgeInference.Tool.Tests.Import.Keras.Definitions;

/// <summary>What a layer cannot be is refused by its name, and what is just within the bound is taken.</summary>
public class KerasRefusalTests
{
    [Theory]
    [InlineData("masks the index 0", "Embedding", """{"mask_zero": true}""", "4", "5,3")]
    [InlineData("works on axis 0", "BatchNormalization", """{"axis": 0}""", "4", "4;4;4;4")]
    [InlineData("works on axis 3", "BatchNormalization", """{"axis": 3}""", "2,4", "4;4;4;4")]
    [InlineData("works on axis -3", "Softmax", """{"axis": -3}""", "2,4", "")]
    [InlineData("spans several axes", "Softmax", """{"axis": [1, 2]}""", "2,4", "")]
    [InlineData("has 2 groups for 3 channels", "Conv2D", """{"groups": 2}""", "4,4,3", "2,2,1,4;4")]
    [InlineData("has 2 groups for 3 filters", "Conv2D", """{"groups": 2}""", "4,4,4", "2,2,2,3;3")]
    [InlineData("has 0 groups for 4 channels", "Conv2D", """{"groups": 0}""", "4,4,4", "2,2,4,3;3")]
    [InlineData("has weights of [2, 2, 3, 5], expected [?, ?, 4, ?]", "Conv2D", "{}", "4,4,4", "2,2,3,5;5")]
    [InlineData("has weights of [2, 4, 4], expected [?, ?, 4, ?]", "Conv2D", "{}", "4,4,4", "2,4,4;5")]
    [InlineData("has weights of [4], expected [5]", "Conv2D", "{}", "4,4,4", "2,2,4,5;4")]
    [InlineData("takes 4 dimensions but gets [1, 4, 4]", "Conv2D", "{}", "4,4", "2,2,4,5;5")]
    [InlineData("has a kernel that spans 5 elements on an axis of 4", "Conv2D", "{}", "4,4,2", "5,2,2,3;3")]
    [InlineData("has a kernel that spans 5 elements on an axis of 4", "Conv2D", """{"dilation_rate": 2}""", "6,4,2", "3,3,2,3;3")]
    [InlineData("a stride of 0", "Conv2D", """{"strides": 0}""", "4,4,2", "2,2,2,3;3")]
    [InlineData("a dilation of 0", "Conv2D", """{"dilation_rate": 0}""", "4,4,2", "2,2,2,3;3")]
    [InlineData("a stride of 0", "Conv2DTranspose", """{"strides": 0}""", "4,4,2", "2,2,3,2;3")]
    [InlineData("has a kernel of 2", "Conv2DTranspose", """{"output_padding": -1}""", "4,4,2", "2,2,3,2;3")]
    [InlineData("has the padding 'full'", "Conv2D", """{"padding": "full"}""", "4,4,2", "2,2,2,3;3")]
    [InlineData("has 3 numbers for 'strides', expected 2", "Conv2D", """{"strides": [1, 1, 1]}""", "4,4,2", "2,2,2,3;3")]
    [InlineData("has a kernel of 0", "MaxPooling2D", """{"pool_size": 0}""", "4,4,2", "")]
    [InlineData("needs 2 weights but the file has 1", "Dense", "{}", "3", "3,4")]
    [InlineData("needs 2 weights but the file has 1", "Conv2D", "{}", "4,4,2", "2,2,2,3")]
    [InlineData("needs 4 weights but the file has 3", "BatchNormalization", "{}", "4", "4;4;4")]
    [InlineData("has weights of [5], expected [4]", "BatchNormalization", "{}", "4", "4;4;4;5")]
    [InlineData("has weights of [4, 5], expected [3, ?]", "Dense", "{}", "3", "4,5;5")]
    [InlineData("time-major layers are not supported", "LSTM", """{"time_major": true}""", "4,2", "")]
    [InlineData("time-major layers are not supported", "GRU", "{}", "4", "")]
    [InlineData("applies the activation 'softmax' inside", "LSTM", """{"activation": "softmax"}""", "4,2", "cell/2,12;cell/3,12;cell/12")]
    [InlineData("applies the activation 'cube'", "Dense", """{"activation": "cube"}""", "3", "3,4;4")]
    [InlineData("has weights of [2, 11], expected [2, 12]", "LSTM", "{}", "4,2", "cell/2,11;cell/3,12;cell/12")]
    [InlineData("has weights of [3, 11], expected [3, 12]", "LSTM", "{}", "4,2", "cell/2,12;cell/3,11;cell/12")]
    [InlineData("has weights of [9], expected [2, 9]", "GRU", """{"reset_after": true}""", "4,2", "cell/2,9;cell/3,9;cell/9")]
    [InlineData("has weights of [2, 9], expected [9]", "GRU", """{"reset_after": false}""", "4,2", "cell/2,9;cell/3,9;cell/2,9")]
    [InlineData("scales by the root mean square", "LayerNormalization", """{"rms_scaling": true}""", "4", "4;4")]
    [InlineData("spans axes that are not the last ones", "LayerNormalization", """{"axis": [1]}""", "3,4", "3;3")]
    [InlineData("spans axes that are not the last ones", "LayerNormalization", """{"axis": [1, 3]}""", "3,4,5", "3,5;3,5")]
    [InlineData("has 3 means and 2 variances", "Normalization", """{"mean": [1, 2, 3], "variance": [1, 2], "axis": [-1]}""", "3", "")]
    [InlineData("has 2 means and 2 variances", "Normalization", """{"mean": [1, 2], "variance": [1, 2], "axis": [-1]}""", "3", "")]
    [InlineData("runs a bidirectional Dense", "Bidirectional", """{"layer": {"class_name": "Dense", "config": {}}}""", "4,2", "")]
    [InlineData("applies a Conv2D to every step", "TimeDistributed", """{"layer": {"class_name": "Conv2D", "config": {}}}""", "4,4,4,2", "")]
    [InlineData("interpolates 'bicubic'", "UpSampling2D", """{"interpolation": "bicubic"}""", "2,2,1", "")]
    [InlineData("repeats elements 0 times", "UpSampling2D", """{"size": 0}""", "2,2,1", "")]
    [InlineData("removes all of axis 1 of [1, 4, 2]", "Cropping1D", """{"cropping": 2}""", "4,2", "")]
    [InlineData("has 3 numbers for 'padding'", "ZeroPadding2D", """{"padding": [1, 2, 3]}""", "4,4,2", "")]
    [InlineData("has the padding [-1, 2]", "ZeroPadding1D", """{"padding": [-1, 2]}""", "4,2", "")]
    [InlineData("cannot turn the shape [1, 6] into [1, 4]", "Reshape", """{"target_shape": [4]}""", "6", "")]
    [InlineData("cannot turn [1, 6] into [7, 0]", "Reshape", """{"target_shape": [7, -1]}""", "6", "")]
    [InlineData("joins fewer than two tensors", "Add", "{}", "6", "")]
    [InlineData("has the equation 'ab,bc->abc'", "EinsumDense", """{"equation": "ab,bc->abc"}""", "3", "3,4")]
    [InlineData("has the equation 'ab,bc->ca'", "EinsumDense", """{"equation": "ab,bc->ca"}""", "3", "3,4")]
    [InlineData("has a bias of [2, 4] for an output of [1, 4]", "EinsumDense", """{"equation": "ab,bc->ac", "bias_axes": "c"}""", "3", "3,4;2,4")]
    public void What_a_layer_cannot_be_is_said_in_one_sentence(string expected, string kind, string settings, string input, string weights)
    {
        var builder = new KerasArchiveBuilder()
            .Layer("InputLayer", "x", $$"""{"batch_shape": [null, {{input}}]}""")
            .Layer(kind, "y", settings);
        foreach (IGrouping<string, string> owner in weights.Split(';', StringSplitOptions.RemoveEmptyEntries).GroupBy(text => text.Contains('/', StringComparison.Ordinal) ? "/" + text.Split('/')[0] : ""))
        {
            builder.Weights(EdgeInference.ModelConverter.Import.Keras.KerasModel.SnakeCase(kind) + owner.Key, [.. owner.Select(text => Zeros([.. text.Split('/')[^1].Split(',').Select(int.Parse)]))]);
        }

        string message = Assert.Throws<InputException>(() => builder.Import()).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    private static Array Zeros(int[] shape) => Array.CreateInstance(typeof(float), shape);
}
