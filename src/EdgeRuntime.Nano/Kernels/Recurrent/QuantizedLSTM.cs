using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>QuantizedLSTM by its rule. Gates lie in the order i, o, f, c.</summary>
    internal sealed class QuantizedLSTM : QuantizedCell
    {
        private readonly int cellClip;
        private readonly int cellMultiplier;
        private readonly int cellShift;
        private readonly int forgetMultiplier;
        private readonly int forgetShift;
        private readonly int inputMultiplier;
        private readonly int inputShift;

        internal QuantizedLSTM(BindContext context)
            : base(context, 4, 4, QuantizedLSTMRule.Output)
        {
            OperatorRecord record = context.Operator;
            cellClip = record.Int(QuantizedLSTMRule.CellClip);
            cellMultiplier = record.Int(QuantizedLSTMRule.CellPosition);
            cellShift = record.Int(QuantizedLSTMRule.CellPosition + 1);
            forgetMultiplier = record.Int(QuantizedLSTMRule.Forget);
            forgetShift = record.Int(QuantizedLSTMRule.Forget + 1);
            inputMultiplier = record.Int(QuantizedLSTMRule.Input);
            inputShift = record.Int(QuantizedLSTMRule.Input + 1);
        }

        protected override void Step(int first)
        {
            short[] gates = FromInput;
            short[] more = FromState;
            short[] c = Cell;
            int[] lines = Lines;
            int n = Hidden;
            Open(3 * n);
            int low = cellClip == 0 ? short.MinValue : -cellClip;
            int high = cellClip == 0 ? short.MaxValue : cellClip;
            for (int i = 0; i < n; i++)
            {
                int kept = Saturated(FixedPoint.Requantize(gates[(2 * n) + i] * c[first + i], forgetMultiplier, forgetShift));
                int candidate = SigmoidLines.Tanh(SigmoidLines.Step * Saturated(gates[(3 * n) + i] + more[(3 * n) + i]), lines);
                int next = kept + Saturated(FixedPoint.Requantize(gates[i] * candidate, inputMultiplier, inputShift));
                next = next < low ? low : next > high ? high : next;
                c[first + i] = (short)next;
                Show(State, first + i, gates[n + i] * SigmoidLines.Tanh(SigmoidLines.Position(next, cellMultiplier, cellShift), lines));
            }
        }
    }
}
