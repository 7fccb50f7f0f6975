using System.Runtime.CompilerServices;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Kernels.Float32.Recurrent;

/// <summary>
/// LSTM in float32: i = f(Wi·x + Ri·h + Pi∘c + bi), f = f(Wf·x + Rf·h + Pf∘c + bf) or 1 − i where they are coupled,
/// c' = f∘c + i∘g(Wc·x + Rc·h + bc), o = f(Wo·x + Ro·h + Po∘c' + bo), h' = o∘h(c').
/// </summary>
internal static unsafe class LSTMKernel
{
    internal static BoundKernel Bind(in BindContext context) => RecurrentCell.Bind<Step>(in context, RecurrentCell.Of(in context, 4, 4, 4));

    private readonly struct Step : IRecurrentStep
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Run<TVector>(ref RecurrentCell a, float* sums, float* state, float* cell)
            where TVector : struct, IFloatVector<TVector>
        {
            int hidden = a.Hidden;
            float* input = a.Gates;
            float* output = input + hidden;
            float* forget = output + hidden;
            float* candidate = forget + hidden;
            float* shown = candidate + hidden;
            a.Product.Run(state, sums, input);
            bool isOutputLate = a.Peepholes != null;
            if (isOutputLate)
            {
                AddPeephole(in a, 0, input, cell);
                AddPeephole(in a, 2, forget, cell);
                a.Activate(in a.F, input, hidden);
                a.Activate(in a.F, forget, hidden);
            }
            else
            {
                // They lie one behind the other.
                a.Activate(in a.F, input, 3 * hidden);
            }

            a.Activate(in a.G, candidate, hidden);
            bool coupled = a.Variant;
            int i = 0;
            for (; i <= hidden - TVector.Count; i += TVector.Count)
            {
                Next<TVector>(input + i, forget + i, coupled, candidate + i, cell + i, shown + i);
            }

            for (; i < hidden; i++)
            {
                Next<FloatScalar>(input + i, forget + i, coupled, candidate + i, cell + i, shown + i);
            }

            if (isOutputLate)
            {
                AddPeephole(in a, 1, output, cell);
                a.Activate(in a.F, output, hidden);
            }

            a.Activate(in a.H, shown, hidden);
            for (i = 0; i <= hidden - TVector.Count; i += TVector.Count)
            {
                TVector.Store(TVector.Load(output + i) * TVector.Load(shown + i), state + i);
            }

            for (; i < hidden; i++)
            {
                state[i] = output[i] * shown[i];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Next<TVector>(float* input, float* forget, bool coupled, float* candidate, float* cell, float* shown)
        where TVector : struct, IFloatVector<TVector>
    {
        TVector take = TVector.Load(input);
        TVector keep = coupled ? (TVector)1f - take : TVector.Load(forget);

        // Not fused: EdgeInference.Nano has the bits of the scalar kernel.
        TVector next = (keep * TVector.Load(cell)) + (take * TVector.Load(candidate));
        TVector.Store(next, cell);
        TVector.Store(next, shown);
    }

    // Peepholes come in ONNX's order: input, output, forget.
    private static void AddPeephole(in RecurrentCell a, int gate, float* sums, float* cell)
    {
        for (int i = 0; i < a.Hidden; i++)
        {
            sums[i] += a.Peepholes[(gate * a.Hidden) + i] * cell[i];
        }
    }
}
