using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import;

/// <summary>What the input of a model can be.</summary>
internal static class InputShape
{
    private const int MostShown = 16;

    /// <summary>The shape, if a tensor of the engine can have it.</summary>
    /// <exception cref="InputException">There are too many dimensions or elements, or one is below 1.</exception>
    internal static int[] Check(int[] shape, string name, string path)
    {
        long elements = 1;
        if (shape.Length > FormatLayout.MaxRank || Array.Exists(shape, size => size < 1 || (elements *= size) > FormatLayout.MaxArenaBytes / sizeof(float)))
        {
            throw new InputException($"'{path}': the input '{name}' declares the shape [{string.Join(", ", shape.Take(MostShown))}{(shape.Length > MostShown ? ", …" : ""):own}], which is not supported for an input.");
        }

        return shape;
    }
}
