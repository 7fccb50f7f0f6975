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
            switch (record.Opcode)
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
                case Opcode.QuantizedRecurrent:
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

        // The longest walk of each tree, with its leaf and the weights of that; children follow their split.
        private static long TreeSteps(OperatorRecord record, ModelBytes bytes)
        {
            TensorInfo trees = record.Inputs[TreeEnsembleRule.Trees];
            TensorInfo children = record.Inputs[TreeEnsembleRule.Children];
            long steps = trees.Dimension(0) * (1L + record.Inputs[TreeEnsembleRule.Weights].Dimension(1));
            int stride = trees.Elements / trees.Dimension(0);
            int[] longest = new int[LargestTree(trees, stride, bytes)];
            int first = 0;
            for (int tree = 0; tree < trees.Elements; tree += stride)
            {
                int count = IntegerConstant.Unsigned(bytes, trees, tree);
                for (int i = count - 1; i >= 0; i--)
                {
                    int whenTrue = IntegerConstant.Signed(bytes, children, 2 * (first + i));
                    int whenFalse = IntegerConstant.Signed(bytes, children, (2 * (first + i)) + 1);
                    longest[i] = 1 + (int)Larger(whenTrue < 0 ? 0 : longest[i + 1 + whenTrue], whenFalse < 0 ? 0 : longest[i + 1 + whenFalse]);
                }

                steps += longest[0];
                first += count;
            }

            return steps;
        }

        private static int LargestTree(TensorInfo trees, int stride, ModelBytes bytes)
        {
            int largest = 0;
            for (int tree = 0; tree < trees.Elements; tree += stride)
            {
                largest = (int)Larger(largest, IntegerConstant.Unsigned(bytes, trees, tree));
            }

            return largest;
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
