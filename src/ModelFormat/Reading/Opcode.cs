namespace ModelFormat
{
    /// <summary>The operators, by the number they have in a file. A number is never used again for something else.</summary>
    public enum Opcode
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
    }
}
