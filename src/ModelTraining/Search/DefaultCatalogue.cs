using EdgeInference.ModelTraining.Encoding;
using EdgeInference.ModelTraining.Learners;

namespace EdgeInference.ModelTraining.Search;

/// <summary>What <c>edge train</c> tries where nothing is said: from a few bytes to a few hundred kilobytes, cheap ones first.</summary>
internal static class DefaultCatalogue
{
    /// <summary>The catalogue for a table of some size.</summary>
    internal static CandidateCatalogue Make()
    {
        var boosted = new GradientBoosting { MaxLeaves = 6 };
        var large = new GradientBoosting();
        var forest = new RandomForest();
        var extra = new RandomForest { IsExtra = true };
        var network = new MultilayerPerceptron();
        var logistic = new LogisticRegression();
        var shaped = new LogisticRegression(1, EncodingKind.Shaped);
        var standard = new MultilayerPerceptron(encoding: EncodingKind.Standard);
        ILearner[] learners =
        [
            new LogisticRegression(0.1),
            logistic,
            shaped,
            new GradientBoosting { Rounds = 30, MaxLeaves = 4, LearningRate = 0.2 },
            new RandomForest { Trees = 20, MaxDepth = 6, MinRows = 2 },
            new MultilayerPerceptron(units: 8, networks: 1),
            boosted,
            extra,
            forest,
            network,
            standard,
            large,
        ];
        return new CandidateCatalogue(
            learners,
            [
                [logistic, shaped],
                [shaped, extra],
                [network, boosted],
                [network, standard],
                [network, extra],
                [standard, extra],
                [extra, boosted],
                [boosted, extra, forest],
                [network, extra, forest],
                [network, extra, large],
                [network, standard, extra, large],
            ]);
    }
}
