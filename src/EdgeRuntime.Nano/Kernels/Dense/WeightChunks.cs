using EdgeInference.ModelFormat;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>
    /// How the weights [units, depth] of a Dense layer are cut: into whole rows, as many as a chunk holds, or, where one row is longer
    /// than a chunk, into pieces of a row.
    /// </summary>
    internal sealed class WeightChunks
    {
        private readonly ModelBytes file;
        private readonly int start;
        private readonly int units;
        private readonly int depth;

        internal WeightChunks(BindContext context)
        {
            TensorInfo tensor = context.Input(1);
            file = context.File;
            start = tensor.Offset;
            units = tensor.Dimension(0);
            depth = tensor.Dimension(1);
            Columns = depth < context.ChunkBytes ? depth : context.ChunkBytes;
            Units = Columns < depth ? 1 : context.ChunkBytes / depth;
        }

        /// <summary>Rows of a chunk, fewer in the last.</summary>
        internal int Units { get; private set; }

        /// <summary>Columns of a chunk, fewer in the last piece of a row.</summary>
        internal int Columns { get; private set; }

        /// <summary>Rows of the chunk that begins with row <paramref name="unit"/>.</summary>
        internal int UnitsFrom(int unit)
        {
            return units - unit < Units ? units - unit : Units;
        }

        /// <summary>Columns of the chunk that begins with column <paramref name="column"/>.</summary>
        internal int ColumnsFrom(int column)
        {
            return depth - column < Columns ? depth - column : Columns;
        }

        /// <summary>The chunk that begins with a row and a column: its rows one after the other.</summary>
        internal byte[] Read(int unit, int column)
        {
            return file.Chunk(start + (unit * depth) + column, UnitsFrom(unit) * ColumnsFrom(column));
        }
    }
}
