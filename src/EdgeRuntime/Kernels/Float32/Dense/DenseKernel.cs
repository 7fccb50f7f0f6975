using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.Runtime.Activations;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Kernels.Float32.Dense;

/// <summary>
/// Dense in float32: rows of inputs times the transposed weights, plus bias, through the activation. Picks the kernel for
/// this processor and this shape once, when it is bound; holds the scalar twin that they are tested against.
/// </summary>
internal static unsafe class DenseKernel
{
    // Weights of more than this do not stay in a core's own cache between inferences: memory sets the pace, and packing
    // them would only cost a second copy.
    private const int LargestPackedBytes = 1 << 20;

    // Several rows share each weight that is read, so that packing pays off until its padding could pass 2 GiB.
    private const int LargestPackedBatchBytes = 1 << 26;

    internal static BoundKernel Bind(in BindContext context)
    {
        TensorInfo weights = context.Input(1);
        var kind = (ActivationKind)context.Operator.Int(DenseRule.Activation);
        var arguments = new DenseArguments
        {
            Input = (float*)context.InputData(0),
            Weights = (float*)context.InputData(1),
            Bias = (float*)context.InputData(2),
            Output = (float*)context.OutputData(),
            Units = weights.Dimension(0),
            Depth = weights.Dimension(1),
            Rows = context.Elements(0) / weights.Dimension(1),
            Activation = ActivationFormulas.Get(kind).Fast,
            Alpha = context.Operator.Float(DenseRule.Alpha),
            Beta = context.Operator.Float(DenseRule.Beta),
        };
        return Bind(in context, arguments, kind, out _);
    }

    /// <summary>
    /// Binds to arguments that another operator made: its weights are the context's input 1, its rows the most that a call
    /// has. <paramref name="kept"/> may be given another input, output and number of rows before each call.
    /// </summary>
    internal static BoundKernel Bind(in BindContext context, DenseArguments arguments, ActivationKind kind, out DenseArguments* kept)
    {
        var binding = new Binding { Context = context, Arguments = arguments, Kind = kind };
        if (!context.Fast || !FloatLadder.Vectors<BindStep, Binding>(ref binding))
        {
            kept = (DenseArguments*)context.Keep(arguments);
            return new BoundKernel(&RunReference, kept);
        }

        kept = binding.Kept;
        return binding.Kernel;
    }

    /// <summary>Whether most of a vector of outputs would be padding while a dot product fills several vectors.</summary>
    internal static bool HasFewUnits(int units, int depth) => units * 4 <= FloatLadder.Lanes && depth >= 2 * FloatLadder.Lanes;

    private static void RunReference(void* pointer)
    {
        ref readonly DenseArguments a = ref Unsafe.AsRef<DenseArguments>(pointer);
        for (int row = 0; row < a.Rows; row++)
        {
            float* x = a.Input + ((long)row * a.Depth);
            float* y = a.Output + ((long)row * a.Units);
            for (int unit = 0; unit < a.Units; unit++)
            {
                float* w = a.Weights + ((long)unit * a.Depth);
                float sum = a.Bias == null ? 0f : a.Bias[unit];
                for (int i = 0; i < a.Depth; i++)
                {
                    sum += x[i] * w[i];
                }

                y[unit] = sum;
            }

            a.Activation(y, y, a.Units, a.Alpha, a.Beta);
        }
    }

    private readonly struct BindStep : IFloatStep<Binding>
    {
        public static bool Run<TVector>(ref Binding binding)
            where TVector : struct, IFloatVector<TVector>
        {
            ref readonly BindContext context = ref binding.Context;
            ref DenseArguments arguments = ref binding.Arguments;
            arguments.Fuse(binding.Kind);
            bool fewUnits = HasFewUnits(arguments.Units, arguments.Depth);
            bool large = context.Input(1).Bytes > (arguments.Rows == 1 ? LargestPackedBytes : LargestPackedBatchBytes);
            if (fewUnits || large)
            {
                bool isLogistic = arguments is { Rows: 1, Units: 1 } && binding.Kind == ActivationKind.Sigmoid;
                binding.Keep(isLogistic ? &DenseDots<TVector>.RunUnit<ActivationFormulas.SigmoidFormula> : &DenseDots<TVector>.Run);
                return true;
            }

            var packing = new DensePacking
            {
                Weights = arguments.Weights,
                Bias = arguments.Bias,
                Units = arguments.Units,
                Depth = arguments.Depth,
            };
            int weightBytes = DensePanels<TVector>.WeightBytes(arguments.Units, arguments.Depth);
            arguments.Weights = (float*)context.Shared(weightBytes, packing.WeightsOnly, DensePanels<TVector>.PackWeights, isForRunsOnly: true);
            int biasBytes = DensePanels<TVector>.PaddedUnits(arguments.Units) * sizeof(float);
            arguments.Bias = (float*)context.Shared(biasBytes, packing.BiasOnly, DensePanels<TVector>.PackBias);
            DenseRows<TVector>.Bind(in context, ref arguments);
            binding.Keep(&DensePanels<TVector>.Run);
            return true;
        }
    }

    private ref struct Binding
    {
        internal BindContext Context;
        internal DenseArguments Arguments;
        internal ActivationKind Kind;
        internal DenseArguments* Kept;
        internal BoundKernel Kernel;

        internal void Keep(delegate*<void*, void> function)
        {
            Kept = (DenseArguments*)Context.Keep(Arguments);
            Kernel = new BoundKernel(function, Kept, &Kept->Input);
        }
    }
}
