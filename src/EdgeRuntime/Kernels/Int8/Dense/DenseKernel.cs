using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Simd.Int8;
using EdgeInference.Runtime.Simd.Int8.Dot;

namespace EdgeInference.Runtime.Kernels.Int8.Dense;

/// <summary>
/// Dense with int8 activations and weights: an int32 accumulator, requantized as in the TensorFlow Lite quantization
/// specification, clamped, and looked up in a table where the operator has one. Picks the kernel for this processor once,
/// when it is bound; holds the scalar twin that they are tested against.
/// </summary>
internal static unsafe class DenseKernel
{
    // Inputs that are prepared in whole vectors beyond a row.
    private const int VectorRoom = 64;

    private const int NarrowestLanes = 4;

    internal static BoundKernel Bind(in BindContext context)
    {
        TensorInfo weights = context.Input(1);
        int units = weights.Dimension(0);
        var arguments = new DenseArguments
        {
            Input = (sbyte*)context.InputData(0),
            Weights = context.InputData(1),
            Output = context.OutputData(),
            Units = units,
            Depth = weights.Dimension(1),
            Segments = 1,
            Rows = context.Elements(0) / weights.Dimension(1),
            OutputBytes = units * TensorTypes.SizeOf(context.Output().Type),
            Sums = (int*)context.Scratch((long)Requantizer.Padded(units) * sizeof(int)),
            Requantization = Requantizer.Bind(in context, units),
        };

        // The fast kernels read up to a vector beyond a row; only the arena has room behind it.
        bool fast = context.Fast && context.Input(0).Storage != TensorStorage.Constant;
        arguments.Requantize = Requantizer.Function(in context, fast, units);
        DensePacking packing = Packing(in context, arguments);
        if (fast && arguments.Rows > 1)
        {
            RowRequantizer.Bind(in context, ref arguments.Requantization, packing.Weights, packing.Bias, units, packing.Depth, packing.InputZeroPoint);
        }

        return Bind(in context, arguments, packing, fast, out _);
    }

    /// <summary>Binds the product of rows and weights. What is kept may be given another input and output later, and fewer rows.</summary>
    internal static BoundKernel Bind(in BindContext context, DenseArguments arguments, DensePacking packing, bool fast, out DenseArguments* kept)
    {
        var binding = new Binding { Context = context, Arguments = arguments, Packing = packing };
        if (!fast || !Int8Ladder.Dots<BindStep, Binding>(ref binding))
        {
            arguments.Weights = (byte*)packing.Weights;
            arguments.Bias = (int*)context.Shared((long)arguments.Units * sizeof(int), packing, FoldBias);
            binding.Arguments = arguments;
            binding.Function = &RunReference;
        }

        kept = (DenseArguments*)context.Keep(binding.Arguments);
        return new BoundKernel(binding.Function, kept);
    }

    /// <summary>Packs the operator's weights and bias, or gives false if they are too large, or would fill no more than half of a vector and narrower ones do as much in a step, or has a weight that these lanes cannot multiply.</summary>
    internal static bool TryPack<TLanes>(in BindContext context, ref DenseArguments arguments)
        where TLanes : struct, IDotLanes<TLanes>
    {
        return TryPack<TLanes>(in context, ref arguments, Packing(in context, arguments));
    }

    private static bool TryPack<TLanes>(in BindContext context, ref DenseArguments arguments, DensePacking packing)
        where TLanes : struct, IDotLanes<TLanes>
    {
        long weightBytes = DensePanels<TLanes>.WeightBytes(packing);
        bool wide = TLanes.Size == 2 && TLanes.Count > NarrowestLanes && 2 * packing.Units <= TLanes.Count;
        if (wide || weightBytes > int.MaxValue || (TLanes.LowestWeight > sbyte.MinValue && packing.HasLowest()))
        {
            return false;
        }

        arguments.Weights = context.Shared((int)weightBytes, packing.WeightsOnly, DensePanels<TLanes>.PackWeights, isForRunsOnly: true);
        int biasBytes = DensePanels<TLanes>.PaddedUnits(arguments.Units) * sizeof(int);
        arguments.Bias = (int*)context.Shared(biasBytes, packing, DensePanels<TLanes>.PackBias);
        return true;
    }

    private static DensePacking Packing(in BindContext context, DenseArguments arguments) => new()
    {
        Weights = (sbyte*)context.InputData(1),
        Bias = (int*)context.InputData(2),
        Units = arguments.Units,
        Depth = arguments.Depth,
        Segments = arguments.Segments,
        InputZeroPoint = context.Input(0).ZeroPoint,
    };

    private static void FoldBias(byte* destination, DensePacking packing)
    {
        for (int unit = 0; unit < packing.Units; unit++)
        {
            ((int*)destination)[unit] = packing.FoldedBias(unit, 0);
        }
    }

    private static void RunReference(void* pointer)
    {
        DenseArguments* a = (DenseArguments*)pointer;
        for (int row = 0; row < a->Rows; row++)
        {
            sbyte* x = a->Input + ((long)row * a->Depth);
            for (int unit = 0; unit < a->Units; unit++)
            {
                sbyte* w = (sbyte*)a->Weights + ((long)unit * a->Depth);
                int sum = a->Bias[unit];
                for (int i = 0; i < a->Depth; i++)
                {
                    sum += x[i] * w[i];
                }

                a->Sums[unit] = sum;
            }

            a->Requantize(a->Sums, &a->Requantization, a->Output + ((long)row * a->OutputBytes), a->Units);
        }
    }

    private readonly struct BindStep : IDotStep<Binding>
    {
        public static bool Run<TLanes>(ref Binding binding)
            where TLanes : struct, IDotLanes<TLanes>
        {
            if (!TryPack<TLanes>(in binding.Context, ref binding.Arguments, binding.Packing))
            {
                return false;
            }

            if (TLanes.Size == 2)
            {
                binding.Arguments.Prepared = binding.Context.Scratch(((long)binding.Arguments.Depth + VectorRoom) * TLanes.Size);
            }

            binding.Function = &DensePanels<TLanes>.Run;
            if (binding.Arguments.Rows >= DenseRows<TLanes>.MinRows)
            {
                DenseRows<TLanes>.Bind(in binding.Context, ref binding.Arguments);
                binding.Function = &DenseRows<TLanes>.Run;
            }

            return true;
        }
    }

    private ref struct Binding
    {
        internal BindContext Context;
        internal DenseArguments Arguments;
        internal DensePacking Packing;
        internal delegate*<void*, void> Function;
    }
}
