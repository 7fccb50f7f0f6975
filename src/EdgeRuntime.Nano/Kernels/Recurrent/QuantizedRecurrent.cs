using System;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>QuantizedRecurrent by its rule. Gates lie in the order z, r, h.</summary>
    internal sealed class QuantizedRecurrent : QuantizedCell
    {
        private const int Half = 1 << 14;

        private readonly int cell;
        private readonly Array reset;
        private readonly DenseRows candidateRows;

        internal QuantizedRecurrent(BindContext context)
            : this(context, context.Operator.Int(QuantizedRecurrentRule.Cell))
        {
        }

        private QuantizedRecurrent(BindContext context, int cell)
            : base(context, QuantizedRecurrentRule.GatesOf(cell), cell == QuantizedRecurrentRule.ResetBefore ? 2 : QuantizedRecurrentRule.GatesOf(cell), QuantizedRecurrentRule.Output)
        {
            this.cell = cell;
            if (cell == QuantizedRecurrentRule.ResetBefore)
            {
                reset = context.Input(0).Type == TensorType.Int8 ? new sbyte[Hidden] : (Array)new short[Hidden];
                candidateRows = Rows(context, OfState(context, 2 * Hidden, Hidden), reset);
            }
        }

        protected override void Step(int first)
        {
            short[] gates = FromInput;
            short[] more = FromState;
            short[] v = Cell;
            int n = Hidden;
            int candidate = gates.Length - n;
            Open(candidate);
            if (candidateRows != null)
            {
                for (int i = 0; i < n; i++)
                {
                    Show(reset, i, gates[n + i] * v[first + i]);
                }

                candidateRows.Row(0, candidate);
            }

            for (int i = 0; i < n; i++)
            {
                int b = more[candidate + i];
                if (cell == QuantizedRecurrentRule.ResetAfter)
                {
                    b = Saturated(((gates[n + i] * b) + Half) >> 15);
                }

                int next = Saturated(gates[candidate + i] + b);
                next = cell == QuantizedRecurrentRule.ReLU ? (next < 0 ? 0 : next) : SigmoidLines.Tanh(SigmoidLines.Step * next, Lines);
                if (candidate > 0)
                {
                    next = Saturated(next + (((gates[i] * (v[first + i] - next)) + Half) >> 15));
                }

                v[first + i] = (short)next;
                Show(State, first + i, next << 15);
            }
        }
    }
}
