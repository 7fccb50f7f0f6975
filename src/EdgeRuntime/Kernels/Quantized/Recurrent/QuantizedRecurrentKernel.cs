using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.Runtime.Kernels.Int8;
using EdgeInference.Runtime.Simd.Int16;

namespace EdgeInference.Runtime.Kernels.Quantized.Recurrent;

/// <summary>
/// QuantizedRecurrent by <see cref="QuantizedRecurrentRule"/>: a step at a time for all sequences. Gates lie in the order z, r, h. The products
/// are those of Dense, with its instructions and packed weights.
/// </summary>
internal static unsafe class QuantizedRecurrentKernel
{
    // What the fast kernels may read beyond a row.
    private const int VectorRoom = 64;

    internal static BoundKernel Bind(in BindContext context)
    {
        int cell = context.Operator.Int(QuantizedRecurrentRule.Cell);
        int gates = QuantizedRecurrentRule.GatesOf(cell);
        bool before = cell == QuantizedRecurrentRule.ResetBefore;
        var arguments = new Arguments
        {
            Steps = QuantizedSteps.Of(in context, gates, before ? 2 : gates),
            Gates = gates,
            Kind = cell,
            IsFast = context.Fast,
            Table = GateTable.Of(in context),
        };
        int hidden = arguments.Steps.Hidden;
        arguments.Products = (int*)context.Scratch((long)Requantizer.Padded(hidden) * sizeof(int));
        arguments.Show = ProductScaling.Of(in context, hidden, QuantizedRecurrentRule.Output, context.Output(1).ZeroPoint, context.Input(0).Type == TensorType.Int16);
        if (before)
        {
            arguments.Reset = context.Scratch((arguments.Steps.Batch * arguments.Steps.StateBytes) + VectorRoom);
            arguments.Candidate = GateProduct.OfState(in context, 2 * hidden, hidden, arguments.Steps.FromState + (2 * hidden));
        }

        return new BoundKernel(&Run, context.Keep(arguments));
    }

    private static void Run(void* pointer)
    {
        ref Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        a.Steps.Begin();
        for (int step = 0; step < a.Steps.Count; step++)
        {
            a.Steps.Products(step);
            if (a.Gates > 1)
            {
                Open(ref a);
            }

            for (int sequence = 0; sequence < a.Steps.Batch; sequence++)
            {
                Step(ref a, sequence);
            }

            a.Steps.Write(step);
        }
    }

    // The gates z and r and, where r applies to the state, what then comes of the third.
    private static void Open(ref Arguments a)
    {
        int hidden = a.Steps.Hidden;
        bool before = a.Kind == QuantizedRecurrentRule.ResetBefore;
        for (int sequence = 0; sequence < a.Steps.Batch; sequence++)
        {
            nint first = (nint)3 * sequence * hidden;
            Sigmoid(in a, a.Steps.FromInput + first, a.Steps.FromState + first, 2 * hidden);
            if (before)
            {
                a.Show.Run(a.Steps.FromInput + first + hidden, a.Steps.Cell + ((nint)sequence * hidden), a.Products, a.Reset + (sequence * a.Steps.StateBytes), hidden);
            }
        }

        if (before)
        {
            a.Candidate.Run(a.Reset, a.Steps.Batch);
        }
    }

    private static void Step(ref Arguments a, int sequence)
    {
        int hidden = a.Steps.Hidden;
        nint first = (nint)a.Gates * sequence * hidden;
        short* gates = a.Steps.FromInput + first;
        short* candidate = gates + ((a.Gates - 1) * hidden);
        short* more = a.Steps.FromState + first + ((a.Gates - 1) * hidden);
        short* cell = a.Steps.Cell + ((nint)sequence * hidden);
        if (a.Kind == QuantizedRecurrentRule.ResetAfter)
        {
            Int16Vectors.Scale(gates + hidden, more, hidden);
        }

        if (a.Kind == QuantizedRecurrentRule.ReLU)
        {
            Int16Vectors.AddWithin(candidate, more, 0, short.MaxValue, cell, hidden);
        }
        else
        {
            Tanh(in a, candidate, more, hidden);
            if (a.Gates == 1)
            {
                Buffer.MemoryCopy(candidate, cell, hidden * sizeof(short), hidden * sizeof(short));
            }
            else
            {
                Int16Vectors.Blend(gates, candidate, cell, hidden);
            }
        }

        a.Show.Run(cell, null, a.Products, a.Steps.State + (sequence * a.Steps.StateBytes), hidden);
    }

    private static void Sigmoid(in Arguments a, short* gates, short* more, int count)
    {
        if (a.IsFast)
        {
            a.Table.Sigmoid(gates, more, count);
            return;
        }

        for (int i = 0; i < count; i++)
        {
            gates[i] = SigmoidGates.Sigmoid(SigmoidLines.Step * Math.Clamp(gates[i] + more[i], short.MinValue, short.MaxValue), a.Table.Table);
        }
    }

    private static void Tanh(in Arguments a, short* gates, short* more, int count)
    {
        if (a.IsFast)
        {
            a.Table.Tanh(gates, more, count);
            return;
        }

        for (int i = 0; i < count; i++)
        {
            gates[i] = SigmoidGates.Tanh(SigmoidLines.Step * Math.Clamp(gates[i] + more[i], short.MinValue, short.MaxValue), a.Table.Table);
        }
    }

    private struct Arguments
    {
        internal QuantizedSteps Steps;

        /// <summary>Of the third gate, by <see cref="Reset"/>.</summary>
        internal GateProduct Candidate;
        internal ProductScaling Show;

        /// <summary>Scratch: what the reset gates leave of the states.</summary>
        internal byte* Reset;

        /// <summary>Scratch: a product for each unit, up to a whole vector.</summary>
        internal int* Products;
        internal GateTable Table;
        internal int Gates;
        internal int Kind;
        internal bool IsFast;
    }
}
