namespace EdgeInference.ModelFormat.Rules
{
    /// <summary>
    /// QuantizedRecurrent, GRU and RNN in integers, one direction. Inputs as QuantizedLSTM's, of 3 gates in the order z r h or of 1:
    /// x, weights, recurrent weights, bias, first state, first cell, multipliers and shifts (1 or gates · hidden of each) of the sums over
    /// x and of those over the state, table; then the bias of the sums over the state (optional). Outputs: all states, the last, and the last
    /// cell, v below, in int16 of zero point 0: what a step carries on, of which the state is a rounding. With R for a
    /// requantization and every result bounded to int16: a is R(W·(x − zx) + b) and b is R(U·(h − zh) + bh), and the new state is
    /// h' = R(2¹⁵·v') + zh. GRU, in steps of 1/4096 and v in steps of 1/32768: q is tanh(a + b) where b of its gate is of
    /// R(σ(r)·v) + zh in place of h or, where the reset gate applies after the matrix, tanh(a + σ(r)·b);
    /// v' = q + σ(z)·(v − q), both products of σ in steps of 1/32768 and rounded with ties up. RNN: v' = tanh(a + b), in steps of 1/4096, or max(0, a + b), in steps of any size.
    /// </summary>
    internal static class QuantizedRecurrentRule
    {
        /// <summary>Position of the bias of the sums over the state among the inputs.</summary>
        public const int StateBias = 11;

        /// <summary>Position of the kind of cell.</summary>
        public const int Cell = 1;

        /// <summary>Position of the multiplier of 2¹⁵·v; its shift follows.</summary>
        public const int Output = 2;

        /// <summary>GRU whose reset gate applies to the state.</summary>
        public const int ResetBefore = 0;

        /// <summary>GRU whose reset gate applies after the matrix.</summary>
        public const int ResetAfter = 1;

        /// <summary>RNN of tanh.</summary>
        public const int Tanh = 2;

        /// <summary>RNN of ReLU.</summary>
        public const int ReLU = 3;

        /// <summary>The rule.</summary>
        public static void Check(OperatorCheck check)
        {
            int gates = GatesOf(check.IntWithin(Cell, ResetBefore, ReLU));
            int hidden = QuantizedLSTMRule.CheckLayer(check, gates);
            QuantizedLSTMRule.CheckSums(check, 1, check.Input(0), 3);
            QuantizedLSTMRule.CheckSums(check, 2, check.Operator.Outputs[1], StateBias);
            int highest = check.Type == TensorType.Int8 ? 30 : 7;
            check.Requantization(QuantizedLSTMRule.InputFactors, gates * hidden, highest);
            check.Requantization(QuantizedLSTMRule.StateFactors, gates * hidden, highest);
            check.IntWithin(QuantizedLSTMRule.Reverse, 0, 1);
            check.IntWithin(Output, 0, int.MaxValue);
            check.IntWithin(Output + 1, -31, 30);
        }

        /// <summary>Weight matrices side by side of a kind of cell.</summary>
        public static int GatesOf(int cell)
        {
            return cell <= ResetAfter ? 3 : 1;
        }
    }
}
