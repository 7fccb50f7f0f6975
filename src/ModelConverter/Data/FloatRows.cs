namespace EdgeInference.ModelConverter.Data;

/// <summary>Rows of float32 while they come: four bytes a value, so that a table that is refused in its last line took no more.</summary>
/// <param name="width">Values of a row.</param>
internal sealed class FloatRows(int width)
{
    private const int BlockValues = 1 << 16;

    private readonly int blockRows = Math.Max(1, BlockValues / Math.Max(1, width));
    private readonly List<float[]?> blocks = [];
    private int rows;

    /// <summary>Adds a row.</summary>
    internal void Add(ReadOnlySpan<float> row)
    {
        int at = rows % blockRows;
        if (at == 0)
        {
            blocks.Add(new float[blockRows * width]);
        }

        row.CopyTo(blocks[^1].AsSpan(at * width));
        rows++;
    }

    /// <summary>All rows, an array each. Nothing is left here.</summary>
    internal float[][] ToArrays()
    {
        float[][] arrays = new float[rows][];
        for (int i = 0; i < rows; i++)
        {
            arrays[i] = blocks[i / blockRows].AsSpan(i % blockRows * width, width).ToArray();
            if (i % blockRows == blockRows - 1)
            {
                blocks[i / blockRows] = null;
            }
        }

        blocks.Clear();
        rows = 0;
        return arrays;
    }
}
