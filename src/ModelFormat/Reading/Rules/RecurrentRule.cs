namespace EdgeInference.ModelFormat.Rules
{
    /// <summary>
    /// RNN, GRU and LSTM, one direction, as ONNX defines them. Inputs: x [t, n, in]; weights [gates · hidden, in] and
    /// recurrent weights [gates · hidden, hidden], constants, gates in ONNX's order (GRU z r h, LSTM i o f c); bias of both
    /// [2 · gates · hidden], constant (optional); first state [n, hidden] (optional, else 0); LSTM: first cell [n, hidden]
    /// (optional, else 0) and peepholes [3 · hidden], constant (optional). Outputs: all states [t, n, hidden], the last
    /// [n, hidden], LSTM: the last cell [n, hidden]. The first state may be the last one's own memory: that is how a model
    /// keeps its state between inferences.
    /// </summary>
    internal static class RecurrentRule
    {
        /// <summary>Position of the first state among the inputs.</summary>
        public const int FirstState = 4;

        /// <summary>Position of LSTM's first cell among the inputs.</summary>
        public const int FirstCell = 5;

        /// <summary>Position of the first of three activations, three parameters each.</summary>
        public const int Activations = 0;

        /// <summary>Position of the bound of what goes into an activation, 0 for none.</summary>
        public const int Clip = 9;

        /// <summary>Position of 1 where the steps run from the last to the first.</summary>
        public const int Reverse = 10;

        /// <summary>Position of 1 where LSTM's input and forget gates are coupled, or GRU's reset gate applies after the matrix.</summary>
        public const int Variant = 11;

        /// <summary>The rule of RNN.</summary>
        public static void CheckRNN(OperatorCheck check)
        {
            Check(check, 1);
        }

        /// <summary>The rule of GRU.</summary>
        public static void CheckGRU(OperatorCheck check)
        {
            Check(check, 3);
        }

        /// <summary>The rule of LSTM.</summary>
        public static void CheckLSTM(OperatorCheck check)
        {
            Check(check, 4);
        }

        /// <summary>The weights must be [gates · hidden, in] and [gates · hidden, hidden]; gives hidden.</summary>
        internal static int CheckWeights(OperatorCheck check, TensorInfo weights, TensorInfo recurrent, int gates)
        {
            check.Require(weights.Rank == 2 && recurrent.Rank == 2, "needs weights of two dimensions");
            int hidden = recurrent.Dimension(1);
            check.Require(hidden <= 1 << 24 && recurrent.Dimension(0) == gates * hidden, "has recurrent weights for a different number of gates");
            check.Require(weights.Dimension(0) == gates * hidden && weights.Dimension(1) == check.Input(0).Dimension(2), "has weights for a different number of features");
            return hidden;
        }

        private static void Check(OperatorCheck check, int gates)
        {
            TensorInfo x = check.Input(0);
            check.Require(x.Type == TensorType.Float32 && x.Rank == 3, "takes float32 of three dimensions");
            TensorInfo weights = check.Constant(1, TensorType.Float32);
            TensorInfo recurrent = check.Constant(2, TensorType.Float32);
            int hidden = CheckWeights(check, weights, recurrent, gates);
            if (check.Operator.HasInput(3))
            {
                check.Constant(3, TensorType.Float32, 2 * gates * hidden);
            }

            long batch = x.Dimension(1);
            for (int i = 4; i <= 5; i++)
            {
                if (check.Operator.HasInput(i))
                {
                    TensorInfo first = check.Input(i);
                    check.Require(first.Type == TensorType.Float32 && first.Elements == batch * hidden, "has an initial state of the wrong size");
                }
            }

            if (check.Operator.HasInput(6))
            {
                check.Constant(6, TensorType.Float32, 3 * hidden);
            }

            check.Output(0, TensorType.Float32, x.Dimension(0) * batch * hidden);
            for (int i = 1; i < check.Operator.Outputs.Length; i++)
            {
                check.Output(i, TensorType.Float32, batch * hidden);
            }

            for (int i = 0; i < 3; i++)
            {
                ActivationRule.CheckKind(check, Activations + (3 * i));
            }

            check.Require(check.Finite(Clip) >= 0f, "has a negative clip");
            check.IntWithin(Reverse, 0, 1);
            check.IntWithin(Variant, 0, 1);
        }
    }
}
