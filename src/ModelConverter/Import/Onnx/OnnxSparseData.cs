namespace EdgeInference.ModelConverter.Import.Onnx;

/// <summary>A SparseTensorProto: the elements of a tensor that are not 0, and their places.</summary>
/// <param name="Values">The elements, [n].</param>
/// <param name="Places">Row-major positions [n], or indices along each axis [n, rank].</param>
internal sealed record OnnxSparseData(OnnxTensor Values, OnnxTensor Places)
{
    /// <summary>All elements of the tensor.</summary>
    /// <exception cref="InputException">Values and places do not fit each other or the shape.</exception>
    internal float[] ToFloats(string name, int[] shape, string path)
    {
        float[] values = Values.ToFloats(path);
        long[] places = Places.ToLongs(path);
        bool byAxis = Places.Dimensions.Count == 2;
        if (places.LongLength != (byAxis ? values.LongLength * shape.Length : values.LongLength))
        {
            throw Fault($"has {places.Length} indices but {values.Length} values");
        }

        var result = new float[shape.Aggregate(1, (product, size) => product * size)];
        for (int i = 0; i < values.Length; i++)
        {
            long place = byAxis ? Position(places.AsSpan(i * shape.Length, shape.Length), shape) : places[i];
            if (place < 0 || place >= result.Length)
            {
                throw Fault("has a value outside its shape");
            }

            result[place] = values[i];
        }

        return result;

        InputException Fault(ClippedText problem) => new($"'{path}': the sparse tensor '{name}' {problem}; export the model again.");
    }

    private static long Position(ReadOnlySpan<long> indices, int[] shape)
    {
        long position = 0;
        for (int axis = 0; axis < shape.Length; axis++)
        {
            if (indices[axis] < 0 || indices[axis] >= shape[axis])
            {
                return -1;
            }

            position = (position * shape[axis]) + indices[axis];
        }

        return position;
    }
}
