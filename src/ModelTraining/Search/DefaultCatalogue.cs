using EdgeInference.ModelTraining.Encoding;
using EdgeInference.ModelTraining.Learners;

namespace EdgeInference.ModelTraining.Search;

/// <summary>What <c>edge train</c> tries where nothing is said: from a few bytes to a few hundred kilobytes, cheap ones first.</summary>
internal static class DefaultCatalogue
{
    /// <summary>The catalogue for a table of some size.</summary>
    internal static CandidateCatalogue Make()
    {
        var logistic = new LogisticRegression(1);
        var shaped = new LogisticRegression(1, EncodingKind.Shaped);
        var boosted = new GradientBoosting { Rounds = 150, MaxLeaves = 8, LearningRate = 0.08, RowShare = 0.8, FeatureShare = 0.8, MinRows = 5, L2 = 1 };
        var large = new GradientBoosting { Rounds = 200, MaxLeaves = 31, LearningRate = 0.06, RowShare = 0.8, FeatureShare = 0.6, MinRows = 10, L2 = 1 };
        var forest = new RandomForest { Trees = 200 };
        var extra = new RandomForest { Trees = 200, IsExtra = true };
        var network = new MultilayerPerceptron(units: 32, networks: 3);
        var plain = new MultilayerPerceptron(units: 64, networks: 3, decay: 0.1, encoding: EncodingKind.Standard);
        ILearner[] learners =
        [
            new LogisticRegression(0.1),
            logistic,
            shaped,
            new GradientBoosting { Rounds = 30, MaxLeaves = 4, LearningRate = 0.2, MinRows = 5, L2 = 1 },
            new RandomForest { Trees = 20, MaxDepth = 6, MinRows = 2 },
            boosted,
            new MultilayerPerceptron(units: 8),
            extra,
            forest,
            network,
            plain,
            large,
        ];
        return new CandidateCatalogue(learners, [[extra, boosted], [network, extra], [network, boosted], [network, extra, boosted], [plain, extra, large]]);
    }
}
