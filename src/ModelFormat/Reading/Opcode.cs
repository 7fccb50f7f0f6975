namespace EdgeInference.ModelFormat
{
    /// <summary>The operators, by the number they have in a file. A number is never used again for something else.</summary>
    internal enum Opcode
    {
        /// <summary>y = activation(x·Wᵀ + b).</summary>
        Dense = 1,

        /// <summary>y = activation(x), element by element, float32.</summary>
        Activation = 2,

        /// <summary>y = table[x], any unary function of a quantized tensor.</summary>
        Table = 3,

        /// <summary>y = e^(βx) / Σ e^(βx) over the last axis.</summary>
        Softmax = 4,

        /// <summary>float32 to int8 or int16, with an offset and a scale for each feature where given.</summary>
        Quantize = 5,

        /// <summary>int8 or int16 to float32.</summary>
        Dequantize = 6,

        /// <summary>y = a + b, element by element, broadcast.</summary>
        Add = 7,

        /// <summary>y = a − b, element by element, broadcast.</summary>
        Sub = 8,

        /// <summary>y = a · b, element by element, broadcast.</summary>
        Mul = 9,

        /// <summary>y = a / b, element by element, broadcast.</summary>
        Div = 10,

        /// <summary>The same elements in another shape; free where the planner gives both tensors one place.</summary>
        Reshape = 11,

        /// <summary>y = f(x), element by element, f a <see cref="UnaryKind"/>, float32.</summary>
        Unary = 12,

        /// <summary>y = f(a, b), element by element, broadcast, f a <see cref="BinaryKind"/>, float32.</summary>
        Binary = 13,

        /// <summary>The same elements with the axes in another order.</summary>
        Transpose = 14,

        /// <summary>Elements of each axis from a start on, by a step.</summary>
        Slice = 15,

        /// <summary>Elements repeated along axes of size 1.</summary>
        Expand = 16,

        /// <summary>Tensors one after the other along an axis.</summary>
        Concat = 17,

        /// <summary>A tensor with more elements around it.</summary>
        Pad = 18,

        /// <summary>Elements of an axis by their indices.</summary>
        Gather = 19,

        /// <summary>A <see cref="ReduceKind"/> over some axes.</summary>
        Reduce = 20,

        /// <summary>Where along an axis the largest or smallest element is.</summary>
        ArgReduce = 21,

        /// <summary>y = condition ? a : b, element by element, broadcast.</summary>
        Where = 22,

        /// <summary>y = a·b, matrices of which neither need be constant, broadcast over the axes before.</summary>
        MatMul = 23,

        /// <summary>Convolution over two axes, channels last, in groups.</summary>
        Conv = 24,

        /// <summary>Transposed convolution over two axes, channels last, in groups.</summary>
        ConvTranspose = 25,

        /// <summary>The largest element of each window, channels last.</summary>
        MaxPool = 26,

        /// <summary>The mean of each window, channels last.</summary>
        AveragePool = 27,

        /// <summary>Mean 0 and variance 1 over the last axes, with a scale and a bias.</summary>
        LayerNormalization = 28,

        /// <summary>Local response normalisation over the last axis.</summary>
        LRN = 29,

        /// <summary>Recurrent layer, one direction.</summary>
        RNN = 30,

        /// <summary>Gated recurrent unit, one direction.</summary>
        GRU = 31,

        /// <summary>Long short-term memory, one direction.</summary>
        LSTM = 32,

        /// <summary>Decision trees, added up.</summary>
        TreeEnsemble = 33,

        /// <summary>Class probabilities from those of pairs of classes.</summary>
        PairwiseCoupling = 34,

        /// <summary>y = x − ln Σ e^x over the last axis.</summary>
        LogSoftmax = 35,

        /// <summary>Running sums along an axis.</summary>
        CumSum = 36,

        /// <summary>Long short-term memory in integers, one direction.</summary>
        QuantizedLSTM = 37,

        /// <summary>Gated recurrent unit or recurrent layer in integers, one direction.</summary>
        QuantizedRecurrent = 38,

        /// <summary>Each output from one feature of the last axis: a line through knots, an indicator or a bin.</summary>
        FeatureTransform = 39,
    }
}
