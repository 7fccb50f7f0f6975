using EdgeInference.Runtime.Kernels.Float32.Dense;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Kernels.Float32.Recurrent;

/// <summary>R·h of some gates, added to what the input gave them. Picks the kernel for this processor once, when it is bound.</summary>
internal unsafe struct StateProduct
{
    /// <summary>Elements that may be read behind a row of sums: less than the widest vector.</summary>
    internal const int Room = 16;

    // A second copy of more than this is worth more than its speed.
    private const long LargestPackedBytes = 1 << 26;

    private float* weights;
    private int rows;
    private int columns;
    private delegate*<in StateProduct, float*, float*, float*, void> forwards;
    private delegate*<in StateProduct, float*, float*, float*, void> backwards;
    private bool isBackwards;

    internal readonly float* Weights => weights;

    /// <summary>Sums.</summary>
    internal readonly int Rows => rows;

    /// <summary>Elements of a state.</summary>
    internal readonly int Columns => columns;

    /// <summary>Of the gates from one on.</summary>
    internal static StateProduct Of(in BindContext context, int firstGate, int gates)
    {
        int hidden = context.Input(2).Dimension(1);
        var product = new StateProduct
        {
            weights = (float*)context.InputData(2) + ((nint)firstGate * hidden * hidden),
            rows = gates * hidden,
            columns = hidden,
            forwards = &StateDots<FloatScalar>.Run,
            backwards = &StateDots<FloatScalar>.Run,
        };
        var binding = new Binding { Context = context, Product = product };
        if (context.Fast)
        {
            FloatLadder.Vectors<BindStep, Binding>(ref binding);
        }

        return binding.Product;
    }

    /// <summary>sums = addend + R·state. Elements behind the addend are read, see <see cref="Room"/>.</summary>
    /// <remarks>
    /// Weights that a core's first cache does not hold are gone from it when the next step begins anew. Every other step goes
    /// through them from the end, and finds those that were read last.
    /// </remarks>
    internal void Run(float* state, float* addend, float* sums)
    {
        (isBackwards ? backwards : forwards)(in this, state, addend, sums);
        isBackwards = !isBackwards;
    }

    private readonly struct BindStep : IFloatStep<Binding>
    {
        public static bool Run<TVector>(ref Binding binding)
            where TVector : struct, IFloatVector<TVector>
        {
            ref StateProduct product = ref binding.Product;
            long bytes = StatePanels<TVector>.Bytes(product.rows, product.columns);
            if (bytes > LargestPackedBytes)
            {
                product.forwards = product.backwards = &StateDots<TVector>.Run;
                return true;
            }

            var packing = new DensePacking { Weights = product.weights, Units = product.rows, Depth = product.columns };
            product.weights = (float*)binding.Context.Shared(bytes, packing, DensePanels<TVector>.PackWeights, isForRunsOnly: true);
            product.forwards = &StatePanels<TVector>.Forwards;
            product.backwards = &StatePanels<TVector>.Backwards;
            return true;
        }
    }

    private ref struct Binding
    {
        internal BindContext Context;
        internal StateProduct Product;
    }
}
