using System.Runtime.CompilerServices;

namespace EdgeInference.Runtime.Kernels.Float32.Recurrent;

/// <summary>
/// LSTM in float32: i = f(Wi·x + Ri·h + Pi∘c + bi), f = f(Wf·x + Rf·h + Pf∘c + bf) or 1 − i where they are coupled,
/// c' = f∘c + i∘g(Wc·x + Rc·h + bc), o = f(Wo·x + Ro·h + Po∘c' + bo), h' = o∘h(c').
/// </summary>
internal static unsafe class LSTMKernel
{
    internal static BoundKernel Bind(in BindContext context) => new(&Run, context.Keep(RecurrentCell.Of(in context, 4)));

    private static void Run(void* pointer) => RecurrentCell.Run(ref Unsafe.AsRef<RecurrentCell>(pointer), &Step);

    private static void Step(ref RecurrentCell a, float* x)
    {
        int hidden = a.Hidden;
        float* input = a.Gates;
        float* output = input + hidden;
        float* forget = output + hidden;
        float* candidate = forget + hidden;
        float* shown = candidate + hidden;
        a.AddInput(x, 0, 4, bothBiases: true, input);
        a.AddRecurrent(a.State, 0, 4, input);
        AddPeephole(ref a, 0, input);
        AddPeephole(ref a, 2, forget);
        a.Activate(in a.F, input, hidden);
        a.Activate(in a.F, forget, hidden);
        a.Activate(in a.G, candidate, hidden);
        for (int i = 0; i < hidden; i++)
        {
            float keep = a.Variant ? 1f - input[i] : forget[i];
            a.Cell[i] = (keep * a.Cell[i]) + (input[i] * candidate[i]);
            shown[i] = a.Cell[i];
        }

        AddPeephole(ref a, 1, output);
        a.Activate(in a.F, output, hidden);
        a.Activate(in a.H, shown, hidden);
        for (int i = 0; i < hidden; i++)
        {
            a.State[i] = output[i] * shown[i];
        }
    }

    // Peepholes come in ONNX's order: input, output, forget.
    private static void AddPeephole(ref RecurrentCell a, int gate, float* sums)
    {
        for (int i = 0; i < a.Hidden && a.Peepholes != null; i++)
        {
            sums[i] += a.Peepholes[(gate * a.Hidden) + i] * a.Cell[i];
        }
    }
}
