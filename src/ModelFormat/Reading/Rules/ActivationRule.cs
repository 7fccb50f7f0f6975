namespace EdgeInference.ModelFormat.Rules
{
    /// <summary>Activation: x float32, output of the same shape; PReLU has a second input, a slope for each channel of the last axis.</summary>
    internal static class ActivationRule
    {
        /// <summary>Position of the <see cref="ActivationKind"/>.</summary>
        public const int Kind = 0;

        /// <summary>Position of α.</summary>
        public const int Alpha = 1;

        /// <summary>Position of β.</summary>
        public const int Beta = 2;

        /// <summary>The rule.</summary>
        public static void Check(OperatorCheck check)
        {
            check.Require(check.Type == TensorType.Float32, "takes float32");
            check.OutputLikeInput(TensorType.Float32);
            if (check.Operator.Int(Kind) == (int)ActivationKind.PReLU)
            {
                check.Constant(1, TensorType.Float32, check.Input(0).LastDimension);
                return;
            }

            check.Require(check.Operator.Inputs.Length == 1, "has a second input but is not PReLU");
            CheckKind(check, Kind);
        }

        /// <summary>The three parameters from <paramref name="kind"/> on must describe an activation without a second input.</summary>
        internal static void CheckKind(OperatorCheck check, int kind)
        {
            int value = check.IntWithin(kind, 0, ActivationKinds.Count - 1);
            check.Require(value != (int)ActivationKind.PReLU, "cannot fuse PReLU");
            check.Finite(kind + 1);
            check.Finite(kind + 2);
        }
    }
}
