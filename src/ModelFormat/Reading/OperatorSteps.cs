using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelFormat
{
    /// <summary>
    /// What an operator costs: its multiply-accumulates or, where it has none, the elements that it reads and writes. A file of a few hundred
    /// bytes can ask for years of work, so a reader adds them up and refuses beyond a limit.
    /// </summary>
    internal static class OperatorSteps
    {
        // What PairwiseCoupling iterates at most, or as often as there are classes.
        private const int CouplingRounds = 100;

        // Times a number of rows, 2²⁶ at most, it stays within a long.
        private const long MaxTreeSteps = 1L << 36;

        /// <summary>Steps of an operator that satisfies its rule, 1 or more; no sum or product passes what a long holds.</summary>
        public static long Of(OperatorRecord record, ModelBytes bytes)
        {
            TensorInfo x = record.Inputs[0];
            TensorInfo output = record.Outputs[0];
            switch (record.Info.Opcode)
            {
                case Opcode.Dense:
                case Opcode.Conv:
                    return (long)output.Elements * (record.Inputs[1].Elements / record.Inputs[1].Dimension(0));
                case Opcode.ConvTranspose:
                    return output.Elements + ((long)(x.Elements / x.LastDimension) * record.Inputs[1].Elements);
                case Opcode.MatMul:
                    return (long)output.Elements * x.LastDimension;
                case Opcode.MaxPool:
                case Opcode.AveragePool:
                    // A kernel walks what lies within x.
                    return (long)output.Elements * Smaller(record.Int(PoolRule.Kernel), x.Dimension(1)) * Smaller(record.Int(PoolRule.Kernel + 1), x.Dimension(2));
                case Opcode.RNN:
                case Opcode.GRU:
                case Opcode.LSTM:
                case Opcode.QuantizedLSTM:
                    return (long)x.Dimension(0) * x.Dimension(1) * ((long)record.Inputs[1].Elements + record.Inputs[2].Elements);
                case Opcode.LRN:
                    return (long)x.Elements * Smaller(record.Int(LRNRule.Size), x.LastDimension);
                case Opcode.PairwiseCoupling:
                    return (long)output.Elements * output.LastDimension * Larger(CouplingRounds, output.LastDimension);
                case Opcode.TreeEnsemble:
                    return output.Elements + ((x.Elements / x.LastDimension) * Smaller(TreeSteps(record, bytes), MaxTreeSteps));
                default:
                    return (long)x.Elements + output.Elements;
            }
        }

        // The longest walk of each tree, its leaf's weights included; children follow their node.
        private static long TreeSteps(OperatorRecord record, ModelBytes bytes)
        {
            int nodes = record.Inputs[1].Offset;
            int[] longest = new int[record.Inputs[1].Dimension(0)];
            for (int i = longest.Length - 1; i >= 0; i--)
            {
                int node = nodes + (16 * i);
                int first = bytes.I32(node + 8);
                int second = bytes.I32(node + 12);
                longest[i] = 1 + (bytes.I32(node) < 0 ? second : (int)Larger(longest[first], longest[second]));
            }

            long steps = 0;
            TensorInfo roots = record.Inputs[3];
            for (int i = 0; i < roots.Elements; i++)
            {
                steps += longest[bytes.I32(roots.Offset + (4 * i))];
            }

            return steps;
        }

        private static long Smaller(long first, long second)
        {
            return first < second ? first : second;
        }

        private static long Larger(long first, long second)
        {
            return first > second ? first : second;
        }
    }
}
