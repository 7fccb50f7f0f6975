#nullable disable

namespace ModelFormat.Rules
{
    /// <summary>Add, Sub, Mul, Div: two float32 tensors, broadcast as in ONNX and numpy; the output has the larger size on every axis.</summary>
    public static class BinaryRule
    {
        /// <summary>Names of the parameters: none.</summary>
        public static readonly string[] Parameters = new string[0];

        /// <summary>The rule.</summary>
        public static void Check(OperatorCheck check)
        {
            TensorRecord a = check.Input(0);
            TensorRecord b = check.Input(1);
            check.Require(a.Type == TensorType.Float32 && b.Type == TensorType.Float32, "takes float32");
            TensorRecord output = check.Operator.Outputs[0];
            check.Require(output.Type == TensorType.Float32, "writes float32");
            CheckBroadcast(check, a, b, output);
        }

        /// <summary>Position of the <see cref="BinaryKind"/> in the operator Binary.</summary>
        public const int Kind = 0;

        /// <summary>Names of the parameters of the operator Binary.</summary>
        public static readonly string[] KindParameters = new string[] { "function" };

        /// <summary>The rule of the operator Binary.</summary>
        public static void CheckKind(OperatorCheck check)
        {
            check.IntWithin(Kind, 0, (int)BinaryKind.Xor);
            Check(check);
        }

        /// <summary>The output must be the broadcast of both inputs.</summary>
        internal static void CheckBroadcast(OperatorCheck check, TensorRecord a, TensorRecord b, TensorRecord output)
        {
            int rank = a.Rank > b.Rank ? a.Rank : b.Rank;
            check.Require(output.Rank == rank, "has an output of another rank than its inputs");
            for (int axis = 1; axis <= rank; axis++)
            {
                int left = axis <= a.Rank ? a.Dimension(-axis) : 1;
                int right = axis <= b.Rank ? b.Dimension(-axis) : 1;
                int size = left > right ? left : right;
                check.Require((left == size || left == 1) && (right == size || right == 1) && output.Dimension(-axis) == size, "has shapes that do not broadcast");
            }
        }
    }
}
