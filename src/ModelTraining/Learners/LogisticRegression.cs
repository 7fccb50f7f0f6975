using System.Globalization;
using EdgeInference.ModelFormat;
using EdgeInference.ModelTraining.Encoding;

namespace EdgeInference.ModelTraining.Learners;

/// <summary>
/// Logistic regression over encoded features: one logit for two classes, else one for each (multinomial). The minimum of
/// Σ wᵢ·cross-entropy + 1/(2C)·Σ weights² is found by <see cref="QuasiNewton"/> from zeros, so that the seed has no effect.
/// </summary>
/// <param name="c">C above, above 0.</param>
/// <param name="encoding">What becomes of numbers.</param>
internal sealed class LogisticRegression(double c = 1, EncodingKind encoding = EncodingKind.Standard) : ILearner
{
    private const int MostSteps = 500;

    // Of the slope of the mean cross-entropy, which is about 0.5 where nothing is learned yet.
    private const double Tolerance = 1e-8;

    // What a fit costs: evaluations of loss and gradient.
    private const int TypicalEvaluations = 100;

    /// <inheritdoc/>
    public string Name => "logistic";

    /// <inheritdoc/>
    public string Settings => string.Create(CultureInfo.InvariantCulture, $"C {c:0.####}{(encoding == EncodingKind.Shaped ? ", shaped features" : "")}");

    /// <inheritdoc/>
    public long Work(int rows, int features, int classes) => 2L * TypicalEvaluations * rows * features * (classes == 2 ? 1 : classes);

    /// <inheritdoc/>
    public IFittedClassifier Fit(LabelledTable table, int[] rows, double[]? classWeights, ulong seed, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        LearnerTable.Check(table, rows, classWeights);
        var features = FeatureEncoding.Fit(table, rows, encoding);
        double[][] encoded = [.. rows.Select(row => features.Apply(table.Rows[row]))];
        int[] labels = [.. rows.Select(row => table.Labels[row])];
        int[] all = [.. Enumerable.Range(0, rows.Length)];
        int classes = table.Classes.Count;
        var network = new Network(features.Length, [], ActivationKind.Linear, classes == 2 ? 1 : classes) { ClassWeights = classWeights };
        double l2 = 1 / (c * rows.Length);
        double[] parameters = new double[network.ParameterCount];
        QuasiNewton.Minimise(Objective, parameters, MostSteps, Tolerance, progress, cancellation);
        return new FittedNetwork(table, features, network, parameters);

        double Objective(double[] at, double[] gradient)
        {
            double loss = network.Gradient(at, encoded, labels, all, l2, gradient);
            LayerLayout layer = network.Layers[0];
            ReadOnlySpan<double> weights = at.AsSpan(layer.Weights, layer.WeightCount);
            return loss + (l2 / 2 * VectorMath.Dot(weights, weights));
        }
    }
}
