namespace EdgeInference.ModelConverter.Import.Tflite;

/// <summary>A tensor as the file declares it.</summary>
/// <param name="Name">Its name, or its index where it has none.</param>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Dimensions, each 1 or more.</param>
/// <param name="Buffer">Index of the buffer with its constant elements.</param>
/// <param name="Scales">A scale for all, one for each channel, or none.</param>
/// <param name="ZeroPoints">As many, or none; for uint8 128 less than in the file, as its elements are read.</param>
/// <param name="Axis">The axis of the channels.</param>
/// <param name="IsVariable">Whether it keeps its elements between inferences.</param>
internal sealed record TfliteTensor(
    string Name, TfliteType Type, int[] Shape, int Buffer, float[] Scales, long[] ZeroPoints, int Axis, bool IsVariable)
{
    internal long Elements => Shape.Aggregate(1L, (product, size) => product * size);

    public override string ToString() => $"'{Name}' ({Type} [{string.Join(", ", Shape)}])";
}
