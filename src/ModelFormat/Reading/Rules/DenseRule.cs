namespace EdgeInference.ModelFormat.Rules
{
    /// <summary>
    /// Dense: x [..., in], weights [out, in], bias [out] (optional), output [..., out].
    /// float32: the activation is applied as the outputs are written. int8 and int16: int8 weights with int32 (int16
    /// activations: int64) bias, multipliers and shifts (1 or out of each), a clamp, and optionally a table that is
    /// looked up with the clamped int8 value. Inputs: x, weights, bias, multipliers, shifts, table. With int16 activations
    /// weights may have 16 bits: [out, 2, in], of each output the high halves h and then the low halves l of 256·h + l.
    /// </summary>
    internal static class DenseRule
    {
        /// <summary>Position of the <see cref="ActivationKind"/>, float32 only.</summary>
        public const int Activation = 0;

        /// <summary>Position of the activation's α.</summary>
        public const int Alpha = 1;

        /// <summary>Position of the activation's β.</summary>
        public const int Beta = 2;

        /// <summary>Position of the lowest quantized output before the table.</summary>
        public const int Min = 3;

        /// <summary>Position of the highest quantized output before the table.</summary>
        public const int Max = 4;

        /// <summary>Position of the zero point between accumulator and table; the output's own where there is no table.</summary>
        public const int ZeroPoint = 5;

        /// <summary>The most products that a sum of int16 inputs may have.</summary>
        public const int MaxWideProducts = 1 << 23;

        /// <summary>The most products that a sum of int16 inputs and weights of 16 bits may have.</summary>
        public const int MaxHalvesProducts = short.MaxValue;

        /// <summary>The rule.</summary>
        public static void Check(OperatorCheck check)
        {
            TensorInfo input = check.Input(0);
            TensorInfo weights = check.Input(1);
            check.Require(input.Rank >= 1, "needs an input of one dimension or more");
            bool fits = weights.Rank != 0 && weights.Rank <= (check.Type == TensorType.Int16 ? 3 : 2) && weights.Elements == weights.Dimension(0) * weights.LastDimension * (weights.Rank - 1);
            check.Require(fits && weights.Storage == TensorStorage.Constant, "needs constant weights of two dimensions");
            int depth = weights.LastDimension;
            int units = weights.Dimension(0);
            if (input.LastDimension != depth)
            {
                check.Fail("has an input of " + input.LastDimension.ToString() + " features but its weights have " + depth.ToString());
            }

            // A product of int16 and a weight of 16 bits is at most 2¹⁵ · 32896: of 2¹⁵ the sum is below 2⁴⁶, as is the bias.
            check.Require(depth <= int.MaxValue >> (16 * (weights.Rank - 2)), "has more features than its accumulator can hold, 32767");
            TensorInfo output = check.Operator.Outputs[0];
            check.Require(output.LastDimension == units && output.Rank >= 1, "has an output whose width differs from its weights");
            check.Require((input.Elements / depth) == (output.Elements / units), "has an output with a different number of rows");

            CheckTypes(check, units);
        }

        /// <summary>Types, quantization inputs and the first six parameters of Dense and of the convolutions.</summary>
        internal static void CheckTypes(OperatorCheck check, int units)
        {
            TensorInfo input = check.Input(0);
            TensorInfo weights = check.Input(1);
            TensorInfo output = check.Operator.Outputs[0];
            if (check.Type == TensorType.Float32)
            {
                check.Require(weights.Type == TensorType.Float32 && output.Type == TensorType.Float32, "mixes types");
                check.Require(check.Operator.Inputs.Length <= 3, "has quantization inputs in float32");
                if (check.Operator.HasInput(2))
                {
                    check.Constant(2, TensorType.Float32, units);
                }

                ActivationRule.CheckKind(check, Activation);
                return;
            }

            check.Require(check.Type == TensorType.Int8 || check.Type == TensorType.Int16, "takes float32, int8 or int16");
            check.Require(weights.Type == TensorType.Int8, "needs int8 weights");
            check.Require(check.IntWithin(Activation, 0, 0) == 0, "needs its activation as a table");
            check.Quantized(input);
            check.Require(check.Type == TensorType.Int8 || input.ZeroPoint == 0, "needs int16 inputs with zero point 0");
            check.Quantized(output);
            check.Require(output.Type == TensorType.Int8 || output.Type == TensorType.Int16, "writes int8 or int16");
            if (check.Operator.HasInput(2))
            {
                check.Constant(2, check.Type == TensorType.Int8 ? TensorType.Int32 : TensorType.Int64, units);
            }

            CheckSums(check, input, weights, check.Operator.HasInput(2) ? check.Input(2) : null);
            check.Requantization(3, units, check.Type == TensorType.Int8 ? 30 : 7);
            bool table = check.Operator.HasInput(5);
            if (table)
            {
                check.Constant(5, output.Type, 256);
            }

            TensorType clamped = table ? TensorType.Int8 : output.Type;
            check.ClampWithin(Min, clamped);
            check.IntWithin(ZeroPoint, clamped == TensorType.Int8 ? -128 : 0, clamped == TensorType.Int8 ? 127 : 0);
            check.Require(table || check.Operator.Int(ZeroPoint) == output.ZeroPoint, "has a zero point that differs from its output's");
        }

        /// <summary>The largest magnitude of a sum of so many products of int8 weights and int8 inputs less their zero point.</summary>
        internal static long MostOfSum(int products, TensorInfo input)
        {
            int zeroPoint = input.ZeroPoint;
            return 128L * products * (128 + (zeroPoint ^ (zeroPoint >> 31)));
        }

        /// <summary>No input can make the sums of a layer, units first in its weights, leave what its kernels add in.</summary>
        /// <param name="check">The operator, of int8 or int16.</param>
        /// <param name="input">What the weights are multiplied with.</param>
        /// <param name="weights">Constant weights in int8.</param>
        /// <param name="bias">Constant bias of each unit, int32 or int64; or null.</param>
        internal static void CheckSums(OperatorCheck check, TensorInfo input, TensorInfo weights, TensorInfo bias)
        {
            int units = weights.Dimension(0);
            int depth = weights.Elements / units;
            if (check.Type == TensorType.Int16)
            {
                CheckWideSums(check, bias, depth, units);
                return;
            }

            // int32 holds every sum. The weights are read only where their number does not prove it.
            int lowest = -128 - input.ZeroPoint;
            int highest = 127 - input.ZeroPoint;
            long most = MostOfSum(depth, input);
            for (int unit = 0; unit < units; unit++)
            {
                long low = bias != null ? check.ConstantInt(bias, unit) : 0;
                long high = low;
                if (high + most <= int.MaxValue && low - most >= int.MinValue)
                {
                    continue;
                }

                for (int i = 0; i < depth; i++)
                {
                    int weight = check.ConstantByte(weights, (unit * depth) + i);
                    low += weight * (weight < 0 ? highest : lowest);
                    high += weight * (weight < 0 ? lowest : highest);
                }

                if (!(low >= int.MinValue && high <= int.MaxValue))
                {
                    check.Fail("has weights and a bias whose sum can leave 32 bits, in unit " + unit.ToString());
                }
            }
        }

        // A requantization takes sums below 2⁴⁷: a product of int16 and int8 is at most 2²², 2²³ of them 2⁴⁵, a bias is below 2⁴⁶.
        private static void CheckWideSums(OperatorCheck check, TensorInfo bias, int depth, int units)
        {
            check.Require(depth <= MaxWideProducts, "has more features than its accumulator can hold, 8388608");
            for (int i = 0; bias != null && i < units; i++)
            {
                int high = check.ConstantInt(bias, (2 * i) + 1);
                check.Require(high >= -(1 << 14) && high < 1 << 14, "has a bias outside 46 bits");
            }
        }
    }
}
