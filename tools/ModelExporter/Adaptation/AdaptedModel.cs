using System.Security.Cryptography;
using EdgeInference.ModelConverter.Evaluate;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;
using EdgeInference.Runtime.Adaptation;

namespace EdgeInference.Tool.Adaptation;

/// <summary>A model with what it learned, as commands decide with it.</summary>
internal sealed class AdaptedModel : IDisposable
{
    // Far above any state file, far below what could exhaust memory.
    private const long MostBytes = 64L << 20;

    private readonly EdgeModel model;
    private readonly DecisionRule rule;

    private AdaptedModel(EdgeModel model, AdaptiveClassifier learner, float? threshold)
    {
        this.model = model;
        Learner = learner;

        // Of probabilities that are calibrated already.
        rule = new DecisionRule(OutputRole.Probability, threshold ?? ModelRule.Of(model).Threshold, model.OutputLength);
    }

    /// <summary>What learns and decides.</summary>
    internal AdaptiveClassifier Learner { get; }

    /// <summary>Whether it knows from which score on an input is an anomaly.</summary>
    internal bool KnowsNormal => Learner.AnomalyThreshold > 0;

    /// <summary>The rule that decides on what <see cref="Outputs"/> gives.</summary>
    internal DecisionRule Rule => rule;

    /// <summary>A model as the factory made it, or with the state of a file.</summary>
    /// <param name="path">The model's file, for messages.</param>
    /// <param name="model">The model; the caller keeps ownership.</param>
    /// <param name="statePath">The state file; null for the factory's.</param>
    /// <param name="kernels">The kernels.</param>
    /// <param name="threshold">A threshold in place of the file's.</param>
    /// <exception cref="InputException">The model was not prepared to learn, or the state is not its own.</exception>
    internal static AdaptedModel Load(string path, EdgeModel model, string? statePath, KernelSet kernels = KernelSet.Fast, float? threshold = null)
    {
        if (AdaptiveClassifier.HeadsOf(model) == LearningHeads.None)
        {
            throw new InputException($"'{path}' was not prepared to learn on a device, so it has no state of its own; make it with 'edge train --adaptable' or 'edge export --adaptable'.");
        }

        byte[]? state = statePath is null ? null : Read(statePath);
        var learner = new AdaptiveClassifier(model, kernels);
        if (state is not null && learner.Restore(state) is { } problem)
        {
            learner.Dispose();
            throw new InputException($"'{statePath}' is no state of '{path}': {Cause(problem)}.");
        }

        return new AdaptedModel(model, learner, threshold);
    }

    /// <summary>SHA-256 of a model's bytes as its state files have it: without a signature block.</summary>
    internal static byte[] Hash(EdgeModel model) => SHA256.HashData(model.File.Bytes.Memory.Span[..model.File.Length]);

    /// <summary>Says why the factory's head decides, where a state was given and it does.</summary>
    internal void SayFallback(Action<string> say)
    {
        if (Learner.SampleCount > 0 && Learner.Reason is { } reason)
        {
            say(reason);
        }
    }

    /// <summary>Decides on a row.</summary>
    /// <param name="row">The model's values.</param>
    /// <returns>The decision, and the class that the model decides for or leans to; −1 where a value is not finite.</returns>
    internal (Decision Decision, int Called) Decide(float[] row)
    {
        Decision decision = Learner.Classify(row);
        return (decision, decision.ClassIndex >= 0 ? decision.ClassIndex : RowDecision.Of(rule, Outputs()).Called);
    }

    /// <summary>What the last decision was taken on, in the form of the model's outputs, calibrated where the file says how.</summary>
    internal float[] Outputs() => model.OutputLength == 1 ? [Learner.Probabilities[1]] : Learner.Probabilities.ToArray();

    /// <summary>The texts of all classes, the model's and those that were added.</summary>
    internal string[] ClassTexts() => [.. Enumerable.Range(0, Learner.ClassCount).Select(Learner.ClassText)];

    public void Dispose() => Learner.Dispose();

    // What a device does then is no matter here.
    private static string Cause(string sentence)
    {
        int start = sentence.IndexOf(": ", StringComparison.Ordinal) + 2;
        int end = sentence.LastIndexOf("; the model decides", StringComparison.Ordinal);
        return start >= 2 && end > start ? sentence[start..end] : sentence.TrimEnd('.');
    }

    private static byte[] Read(string path)
    {
        try
        {
            return !File.Exists(path) ? throw new InputException($"State file '{path}' not found; check the path.")
                : new FileInfo(path).Length > MostBytes ? throw new InputException($"'{path}' has more than {MostBytes >> 20} MiB, which no state file has; check the path.")
                : File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"'{path}' cannot be read: {exception.Message:own}", exception);
        }
    }
}
