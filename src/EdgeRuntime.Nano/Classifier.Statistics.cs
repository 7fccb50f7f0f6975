using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;

namespace EdgeInference.Nano
{
    /// <content>How unlike the training data an input is.</content>
    public sealed partial class Classifier
    {
        private InputStatistics statistics;

        // Raw inputs as real numbers; null where there are no statistics to hold them to.
        private float[] realInputs;

        partial void UseStatistics(DecisionMetadata decision)
        {
            statistics = decision.InputStatistics;
            realInputs = statistics == null ? null : new float[session.InputLength];
        }

        partial void Score(float[] input)
        {
            if (statistics != null)
            {
                OutlierScore = statistics.OutlierScore(input);
            }
        }

        partial void TakeRealInputs(ref float[] values)
        {
            values = realInputs;
        }
    }
}
