namespace EdgeInference.ModelConverter.Evaluate;

/// <summary>How good a classifier of several classes is on labelled rows.</summary>
internal sealed class MulticlassMetrics
{
    private readonly int[][] confusion;

    private MulticlassMetrics(int[][] confusion, double logLoss)
    {
        this.confusion = confusion;
        LogLoss = logLoss;
        Classes = [.. confusion.Select((_, c) => OfClass(c))];
    }

    /// <summary>Number of rows.</summary>
    public int Rows => confusion.Sum(row => row.Sum());

    /// <summary>Share of rows whose class was found.</summary>
    public double Accuracy => (double)confusion.Select((row, c) => row[c]).Sum() / Rows;

    /// <summary>Mean of −ln of the probability given to the true class, in nats; outputs are divided by their sum and kept 2⁻²³ from 0 and 1.</summary>
    public double LogLoss { get; }

    /// <summary>Mean F1 over the classes.</summary>
    public double MacroF1 => Classes.Average(c => c.F1);

    /// <summary>Rows of true class i that were called j, at [i][j].</summary>
    public IReadOnlyList<IReadOnlyList<int>> Confusion => confusion;

    /// <summary>Each class against the others.</summary>
    public IReadOnlyList<ClassMetrics> Classes { get; }

    /// <summary>Measures. The decision is the class of the highest output, the first of equals, as the runtime decides.</summary>
    /// <param name="labels">The true class of each row.</param>
    /// <param name="probabilities">The outputs for each row, one for each class.</param>
    /// <param name="called">The class that each row was decided for; null for that of the highest output.</param>
    /// <exception cref="ArgumentException">There are no rows, or not as many labels as outputs.</exception>
    /// <exception cref="InputException">An output is NaN.</exception>
    public static MulticlassMetrics Of(IReadOnlyList<int> labels, IReadOnlyList<float[]> probabilities, IReadOnlyList<int>? called = null)
    {
        if (labels.Count == 0 || labels.Count != probabilities.Count)
        {
            throw new ArgumentException($"There are {labels.Count} labels but {probabilities.Count} outputs.", nameof(labels));
        }

        int classes = probabilities[0].Length;
        int[][] confusion = [.. Enumerable.Range(0, classes).Select(_ => new int[classes])];
        double logLoss = 0;
        for (int i = 0; i < labels.Count; i++)
        {
            float[] outputs = probabilities[i];
            if (Array.Exists(outputs, float.IsNaN))
            {
                throw new InputException($"The model's output for row {i + 1} is not finite, so no metric can be computed; check the model.");
            }

            confusion[labels[i]][called?[i] ?? Array.IndexOf(outputs, outputs.Max())]++;
            double share = outputs[labels[i]] / outputs.Sum(output => (double)output);
            logLoss -= Math.Log(Math.Clamp(share, BinaryMetrics.LogLossClip, 1 - BinaryMetrics.LogLossClip));
        }

        return new MulticlassMetrics(confusion, logLoss / labels.Count);
    }

    private ClassMetrics OfClass(int c)
    {
        int right = confusion[c][c];
        int support = confusion[c].Sum();
        int called = confusion.Sum(row => row[c]);
        var one = new ConfusionMatrix(right, called - right, 0, support - right);
        return new ClassMetrics(support, one.Precision, one.Recall, one.F1);
    }
}
