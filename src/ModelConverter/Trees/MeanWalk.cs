using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Trees;

/// <summary>How many splits a row passes in all trees together, where every comparison holds as often as not.</summary>
internal static class MeanWalk
{
    /// <summary>The splits, one or more for each tree.</summary>
    internal static double Of(OperatorRecord record)
    {
        TensorInfo trees = record.Inputs[TreeEnsembleRule.Trees];
        TensorInfo children = record.Inputs[TreeEnsembleRule.Children];
        int stride = trees.Elements / trees.Dimension(0);
        double sum = 0;
        int first = 0;
        for (int tree = 0; tree < trees.Elements; tree += stride)
        {
            int count = IntegerConstant.Unsigned(record.Bytes, trees, tree);
            var below = new double[count];
            for (int i = count - 1; i >= 0; i--)
            {
                below[i] = 1 + ((After(i, 0) + After(i, 1)) / 2);
            }

            sum += below[0];
            first += count;

            double After(int split, int side)
            {
                int child = IntegerConstant.Signed(record.Bytes, children, (2 * (first + split)) + side);
                return child < 0 ? 0 : below[split + 1 + child];
            }
        }

        return sum;
    }
}
