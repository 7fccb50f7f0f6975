using EdgeInference.ModelFormat;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>
    /// The weights of a layer as rows: one row of products for each unit; all units or some that lie together. Says which inputs of
    /// the operator belong to them: those of Dense and of the convolutions, or those of one product of a recurrent layer.
    /// </summary>
    internal sealed class DenseShape
    {
        // To read a channel's numbers again takes a hundredth of the work at so many places, or less.
        private const int ManyPlaces = 100;

        private readonly int places;

        private DenseShape(BindContext context, int position, int first, int units)
        {
            TensorInfo weights = context.Input(position);
            First = first;
            Units = units;
            Halves = context.Operator.Opcode == Opcode.Dense && weights.Rank == 3 ? 2 : 1;
            Depth = weights.Elements / (weights.Dimension(0) * Halves);
            WeightsOffset = weights.Offset + (first * Depth * TensorTypes.SizeOf(weights.Type));
            Bias = 2;
            Factors = 3;
            ZeroPoint = context.Input(0).ZeroPoint;
            places = units == context.Output().LastDimension ? context.Output().Elements / units : 0;
        }

        /// <summary>The first unit.</summary>
        internal readonly int First;

        /// <summary>Number of units.</summary>
        internal readonly int Units;

        /// <summary>Products that a unit sums.</summary>
        internal readonly int Depth;

        /// <summary>Rows of weights of a unit: 2 where they have 16 bits, high halves and low halves; else 1.</summary>
        internal readonly int Halves;

        /// <summary>Where in the file the first unit's weights lie.</summary>
        internal readonly int WeightsOffset;

        /// <summary>Position of the bias among the inputs, which the operator need not have; −1 for none.</summary>
        internal int Bias { get; private set; }

        /// <summary>Position of the multipliers among the inputs; the shifts follow.</summary>
        internal int Factors { get; private set; }

        /// <summary>The zero point of what the weights are multiplied with.</summary>
        internal int ZeroPoint { get; private set; }

        /// <summary>Where the results go, in int16 without a zero point; null where they are the operator's output.</summary>
        internal short[] Gates { get; private set; }

        /// <summary>Whether all units of an operator run at so many places that they need not keep what a run can read again.</summary>
        internal bool HasManyPlaces
        {
            get { return places >= ManyPlaces && Gates == null; }
        }

        /// <summary>All units of an operator.</summary>
        internal static DenseShape Of(BindContext context)
        {
            return new DenseShape(context, 1, 0, context.Input(1).Dimension(0));
        }

        /// <summary>Some units of an operator.</summary>
        internal static DenseShape Part(BindContext context, int first, int units)
        {
            return new DenseShape(context, 1, first, units);
        }

        /// <summary>The gates of a quantized recurrent layer, by the input or by the state.</summary>
        /// <param name="context">The operator.</param>
        /// <param name="weights">Position of the weights among the inputs.</param>
        /// <param name="first">The first gate.</param>
        /// <param name="units">Number of gates.</param>
        /// <param name="bias">Position of the bias, −1 for none.</param>
        /// <param name="factors">Position of the multipliers.</param>
        /// <param name="zeroPoint">The zero point of what the weights are multiplied with.</param>
        /// <param name="gates">Where the results go.</param>
        internal static DenseShape OfGates(BindContext context, int weights, int first, int units, int bias, int factors, int zeroPoint, short[] gates)
        {
            return new DenseShape(context, weights, first, units) { Bias = bias, Factors = factors, ZeroPoint = zeroPoint, Gates = gates };
        }
    }
}
