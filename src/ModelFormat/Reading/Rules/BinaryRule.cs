using EdgeInference.ModelFormat.Numerics;

namespace EdgeInference.ModelFormat.Rules
{
    /// <summary>
    /// Add, Sub, Mul, Div: two tensors of one type, broadcast as in ONNX and numpy; the output has the larger size on every
    /// axis. float32, and int8 and int16 for all but Div. Quantized, with R for a requantization, za and zb the zero points and
    /// L = 20 for int8, 15 for int16: Add and Sub give R(R((a − za)·2^L, a) ± R((b − zb)·2^L, b)), Mul gives
    /// R((a − za)(b − zb)); then the output's zero point is added and the sum clamped.
    /// </summary>
    internal static class BinaryRule
    {
        /// <summary>Position of the multiplier of a, 0 to 2³¹ − 1; Add and Sub, quantized only.</summary>
        public const int MultiplierA = 0;

        /// <summary>Position of its shift, −31 to 0.</summary>
        public const int ShiftA = 1;

        /// <summary>Position of the multiplier of b.</summary>
        public const int MultiplierB = 2;

        /// <summary>Position of its shift.</summary>
        public const int ShiftB = 3;

        /// <summary>Position of the multiplier of the result, quantized only.</summary>
        public const int Multiplier = 4;

        /// <summary>Position of its shift, −31 to 30.</summary>
        public const int Shift = 5;

        /// <summary>Position of the lowest quantized output.</summary>
        public const int Min = 6;

        /// <summary>Position of the highest quantized output.</summary>
        public const int Max = 7;

        /// <summary>Bits by which Add and Sub shift their quantized inputs to the left, so that a sum keeps its precision and fits int32.</summary>
        public static int LeftShiftOf(TensorType type)
        {
            return type == TensorType.Int8 ? 20 : 15;
        }

        /// <summary>The rule.</summary>
        public static void Check(OperatorCheck check)
        {
            TensorInfo a = check.Input(0);
            TensorInfo b = check.Input(1);
            TensorInfo output = check.Operator.Outputs[0];
            check.Require(a.Type == b.Type && output.Type == a.Type, "mixes types");
            CheckBroadcast(check, a, b, output);
            if (check.Type == TensorType.Float32)
            {
                return;
            }

            Opcode opcode = check.Operator.Opcode;
            check.Require(check.Type == TensorType.Int8 || check.Type == TensorType.Int16, "takes float32, int8 or int16");
            check.Require(opcode == Opcode.Add || opcode == Opcode.Sub || opcode == Opcode.Mul, "takes float32");
            check.Quantized(a);
            check.Quantized(b);
            check.Quantized(output);
            if (opcode != Opcode.Mul)
            {
                check.IntWithin(MultiplierA, 0, int.MaxValue);
                check.IntWithin(ShiftA, -31, 0);
                check.IntWithin(MultiplierB, 0, int.MaxValue);
                check.IntWithin(ShiftB, -31, 0);
            }

            check.IntWithin(Multiplier, 0, int.MaxValue);
            check.IntWithin(Shift, -31, 30);
            check.ClampWithin(Min, check.Type);
            if (check.Type == TensorType.Int16)
            {
                CheckAccumulator(check, opcode);
            }
        }

        // What is requantized fits int32, whatever the inputs: always with int8, and with int16 of zero points 0 in Mul.
        private static void CheckAccumulator(OperatorCheck check, Opcode opcode)
        {
            const string Past = "has zero points and factors whose result can leave 32 bits";
            int zeroA = check.Input(0).ZeroPoint;
            int zeroB = check.Input(1).ZeroPoint;
            if (opcode == Opcode.Mul)
            {
                // The largest magnitude of a number less its zero point: one of the complement stands for the end at 32767.
                check.Require((32768L + (zeroA ^ (zeroA >> 31))) * (32768L + (zeroB ^ (zeroB >> 31))) <= int.MaxValue, Past);
                return;
            }

            bool isSub = opcode == Opcode.Sub;
            long lowB = Part(check, MultiplierB, short.MinValue - zeroB);
            long highB = Part(check, MultiplierB, short.MaxValue - zeroB);
            long low = Part(check, MultiplierA, short.MinValue - zeroA) + (isSub ? -highB : lowB);
            long high = Part(check, MultiplierA, short.MaxValue - zeroA) + (isSub ? -lowB : highB);
            check.Require(low >= int.MinValue && high <= int.MaxValue, Past);
        }

        private static long Part(OperatorCheck check, int multiplier, int value)
        {
            return FixedPoint.Requantize(value << LeftShiftOf(TensorType.Int16), check.Operator.Int(multiplier), check.Operator.Int(multiplier + 1));
        }

        /// <summary>Position of the <see cref="BinaryKind"/> in the operator Binary.</summary>
        public const int Kind = 0;

        /// <summary>The rule of the operator Binary.</summary>
        public static void CheckKind(OperatorCheck check)
        {
            check.IntWithin(Kind, 0, BinaryKinds.Count - 1);
            Check(check);
        }

        /// <summary>The output must be the broadcast of both inputs.</summary>
        internal static void CheckBroadcast(OperatorCheck check, TensorInfo a, TensorInfo b, TensorInfo output)
        {
            int rank = a.Rank > b.Rank ? a.Rank : b.Rank;
            check.Require(output.Rank == rank, "has an output whose rank differs from its inputs");
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
