using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.ModelTraining.Learners;

/// <summary>What a learner has learned.</summary>
internal interface IFittedClassifier
{
    /// <summary>Number of learned numbers: weights and biases, or thresholds and leaves.</summary>
    int ParameterCount { get; }

    /// <summary>The probability of each class for a row of raw features, in double precision.</summary>
    /// <param name="row">The features; NaN is a missing value.</param>
    /// <param name="probabilities">Is given one for each class; they sum to 1.</param>
    void Probabilities(ReadOnlySpan<float> row, Span<double> probabilities);

    /// <summary>
    /// The model as a float32 graph on raw features: input "input" [1, features]; output "output": [1, 1], the probability of class 1, for
    /// two classes, else [1, classes].
    /// </summary>
    Graph ToGraph();
}
