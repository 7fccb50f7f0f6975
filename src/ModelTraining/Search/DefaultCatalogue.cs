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
        ILearner[] learners =
        [
            new LogisticRegression(0.1),
            new LogisticRegression(),
            new LogisticRegression(1, EncodingKind.Shaped),
            new GradientBoosting { Rounds = 30, MaxLeaves = 4, LearningRate = 0.2 },
            new RandomForest { Trees = 20, MaxDepth = 6, MinRows = 2 },
            new MultilayerPerceptron(units: 8, networks: 1),
            boosted,
            extra,
            forest,
            network,
            new MultilayerPerceptron(encoding: EncodingKind.Standard),
            large,
        ];
        return new CandidateCatalogue(learners, [[extra, boosted], [network, extra], [network, boosted], [network, extra, large]]);
    }
}
