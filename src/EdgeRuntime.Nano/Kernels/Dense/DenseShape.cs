using EdgeInference.ModelFormat;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>The weights of a Dense operator or of a convolution as rows: one row of products for each unit; all units or some that lie together.</summary>
    internal sealed class DenseShape
    {
        private DenseShape(BindContext context, int first, int units)
        {
            TensorInfo weights = context.Input(1);
            First = first;
            Units = units;
            Depth = weights.Elements / weights.Dimension(0);
            WeightsOffset = weights.Offset + (first * Depth * TensorTypes.SizeOf(weights.Type));
        }

        /// <summary>The first unit.</summary>
        internal readonly int First;

        /// <summary>Number of units.</summary>
        internal readonly int Units;

        /// <summary>Products that a unit sums.</summary>
        internal readonly int Depth;

        /// <summary>Where in the file the first unit's weights lie.</summary>
        internal readonly int WeightsOffset;

        /// <summary>All units of an operator.</summary>
        internal static DenseShape Of(BindContext context)
        {
            return new DenseShape(context, 0, context.Input(1).Dimension(0));
        }

        /// <summary>Some units of an operator.</summary>
        internal static DenseShape Part(BindContext context, int first, int units)
        {
            return new DenseShape(context, first, units);
        }
    }
}
