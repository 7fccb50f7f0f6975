namespace EdgeInference.Runtime.Kernels;

/// <summary>Where, in an image with its padding, the windows of a convolution lie: the same for all sessions of a model.</summary>
internal static unsafe class WindowTables
{
    /// <summary>Where the window of each output begins, the last repeated to a whole tile.</summary>
    /// <param name="context">Where it is kept.</param>
    /// <param name="g">The convolution.</param>
    /// <param name="tile">Outputs of a tile.</param>
    /// <param name="step">What an element counts.</param>
    internal static int* Corners(in BindContext context, in WindowGeometry g, int tile, int step)
    {
        int outputs = ((g.OutputHeight * g.OutputWidth) + tile - 1) / tile * tile;
        return (int*)context.Table((long)outputs * sizeof(int), new Table { Geometry = g, Count = outputs, Step = step }, FillCorners);
    }

    /// <summary>Where, from its corner on, each run of neighbours in a window begins.</summary>
    /// <param name="context">Where it is kept.</param>
    /// <param name="g">The convolution.</param>
    /// <param name="count">Runs: one for each row of the window, or one for each of its places.</param>
    /// <param name="step">What an element counts.</param>
    internal static int* Segments(in BindContext context, in WindowGeometry g, int count, int step) =>
        (int*)context.Table((long)count * sizeof(int), new Table { Geometry = g, Count = count, Step = step }, FillSegments);

    private static void FillCorners(byte* destination, Table table)
    {
        ref readonly WindowGeometry g = ref table.Geometry;
        int last = (g.OutputHeight * g.OutputWidth) - 1;
        for (int i = 0; i < table.Count; i++)
        {
            (int row, int column) = Math.DivRem(Math.Min(i, last), g.OutputWidth);
            ((int*)destination)[i] = ((row * g.StrideHeight * g.ReachedWidth) + (column * g.StrideWidth)) * g.Channels * table.Step;
        }
    }

    private static void FillSegments(byte* destination, Table table)
    {
        ref readonly WindowGeometry g = ref table.Geometry;
        int perRow = table.Count / g.KernelHeight;
        for (int i = 0; i < table.Count; i++)
        {
            (int row, int column) = Math.DivRem(i, perRow);
            ((int*)destination)[i] = ((row * g.DilationHeight * g.ReachedWidth) + (column * g.DilationWidth)) * g.Channels * table.Step;
        }
    }

    private struct Table
    {
        internal WindowGeometry Geometry;
        internal int Count;
        internal int Step;
    }
}
