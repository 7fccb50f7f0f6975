using EdgeInference.ModelFormat.Numerics;

namespace EdgeInference.ModelFormat.Rules
{
    /// <summary>
    /// Softmax over the last axis. int8: the three integer parameters are TensorFlow Lite's (docs/numerics.md). int16: the
    /// multiplier and the shift are, and two more inputs are its tables of e^x and 1 / (1 + x), int16 constants.
    /// </summary>
    internal static class SoftmaxRule
    {
        /// <summary>Most classes in int8.</summary>
        public const int MaxInt8Classes = 4095;

        private const int MaxInt16Classes = 65535;

        /// <summary>Position of β, float32 only.</summary>
        public const int Beta = 0;

        /// <summary>Position of the multiplier of a difference to the maximum, 0 to 2³¹ − 1.</summary>
        public const int Multiplier = 1;

        /// <summary>Position of its left shift, 0 to 31; int16: its power of two, −31 to 30.</summary>
        public const int LeftShift = 2;

        /// <summary>Position of the lowest difference that still counts, −32768 to 0.</summary>
        public const int DifferenceMin = 3;

        /// <summary>The rule.</summary>
        public static void Check(OperatorCheck check)
        {
            check.Require(check.Input(0).Rank >= 1, "needs an input of one dimension or more");
            check.Finite(Beta);
            check.Require(check.Type == TensorType.Int16 || check.Operator.Inputs.Length == 1, "has tables but is not int16");
            if (check.Type == TensorType.Float32)
            {
                check.OutputLikeInput(TensorType.Float32);
                return;
            }

            if (check.Type == TensorType.Int16)
            {
                CheckInt16(check);
                return;
            }

            check.Require(check.Type == TensorType.Int8, "takes float32, int8 or int16");
            check.Quantized(check.Input(0));
            TensorType type = check.Operator.Outputs[0].Type;
            check.Require(type == TensorType.Int8 || type == TensorType.Int16, "writes int8 or int16");
            check.Quantized(check.OutputLikeInput(type));
            check.IntWithin(Multiplier, 0, int.MaxValue);
            int shift = check.IntWithin(LeftShift, 0, 31);
            int farthest = check.IntWithin(DifferenceMin, -32768, 0);
            check.Require(shift <= 23 || farthest >= -(1 << (31 - shift)), "has a left shift that takes differences beyond 32 bits");
            check.Require(check.Input(0).LastDimension <= MaxInt8Classes, "has more classes than its accumulator can hold, 4095");
        }

        private static void CheckInt16(OperatorCheck check)
        {
            check.Quantized(check.Input(0));
            check.Quantized(check.OutputLikeInput(TensorType.Int16));
            check.IntWithin(Multiplier, 0, int.MaxValue);
            check.IntWithin(LeftShift, -31, 30);
            check.Require(check.Input(0).LastDimension <= MaxInt16Classes, "has more classes than its accumulator can hold, 65535");
            TensorInfo exponentials = check.Constant(1, TensorType.Int16, Int16Softmax.TableLength);
            TensorInfo reciprocals = check.Constant(2, TensorType.Int16, Int16Softmax.TableLength);

            // The sum of a row is 2 or more then, and every shift is in range.
            int last = Int16Softmax.TableLength - 1;
            for (int i = 0; i <= last; i++)
            {
                check.Require(check.ConstantShort(exponentials, i) >= (i >= last - 1 ? 2 : 0), "has a table of exponentials that are not positive");
            }

            for (int i = 0; i <= last; i++)
            {
                check.Require(check.ConstantShort(reciprocals, i) >= 0, "has a table of reciprocals below 0");
            }
        }
    }
}
