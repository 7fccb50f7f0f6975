using System.Security.Cryptography;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Adaptation;

namespace EdgeInference.Runtime.Adaptation;

/// <summary>
/// A classifier that learns on a device: from labelled samples, classes that are added, and what normal samples are like. What it learns is
/// a small state beside the model, which is never changed. The same samples in the same order give the same bits as on nanoFramework.
/// </summary>
/// <remarks>
/// Needs a model that was prepared with <c>edge train --adaptable</c>. After each labelled sample it runs the self-test samples of the model
/// that have a class; with fewer right than the factory's head, the factory's head decides until it is better again. Serves one thread at a
/// time; <see cref="Classify"/> allocates nothing.
/// </remarks>
public sealed class AdaptiveClassifier : IDisposable
{
    private readonly HeadSettings settings;
    private readonly AdaptiveHead head;
    private readonly Session session;
    private readonly TensorInfo hidden;
    private readonly DecisionRule rule;
    private readonly InputScore score;
    private readonly bool acceptsMissing;
    private readonly string[] texts;
    private readonly byte[] hash;
    private bool isTested;
    private bool isBehind;

    /// <summary>Creates a classifier with its own session, as the factory made the model; the caller keeps ownership of the model.</summary>
    /// <exception cref="ArgumentException">The model was not prepared to learn, or cannot decide; the message says what to do.</exception>
    public AdaptiveClassifier(EdgeModel model, KernelSet kernels = KernelSet.Fast)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (HeadsOf(model) == LearningHeads.None)
        {
            throw new ArgumentException("The model was not prepared to learn on a device; make it with 'edge train --adaptable'.", nameof(model));
        }

        DecisionMetadata decision = model.File.Decision;
        if (decision.Refusal is { } refusal)
        {
            throw new ArgumentException(refusal, nameof(model));
        }

        settings = AdaptationRecord.Read(model.File);
        head = new AdaptiveHead(settings);
        session = model.CreateSession(kernels);
        hidden = model.File.Tensor(model.File.Bytes.U16(model.File.Metadata.PayloadOffset(MetadataKey.Adaptation)));
        rule = new DecisionRule(decision, session.OutputLength);
        score = new InputScore(decision.InputStatistics, session.InputLength);
        acceptsMissing = decision.AcceptsMissing;
        texts = ClassTexts.Of(model, settings.Classes);
        hash = SHA256.HashData(model.File.Bytes.Copy(0, model.File.Length));
    }

    /// <summary>What the model can learn.</summary>
    public LearningHeads Heads => (LearningHeads)settings.Heads;

    /// <summary>Number of values that one inference takes.</summary>
    public int InputLength => session.InputLength;

    /// <summary>Classes of the model and those that were added.</summary>
    public int ClassCount => head.Classes;

    /// <summary>Classes that were added.</summary>
    public int AddedClassCount => head.AddedCount;

    /// <summary>The most classes that can be added, 0 to 32.</summary>
    public int MaxAddedClasses => settings.AddedClasses;

    /// <summary>Labelled samples that were learned.</summary>
    public int SampleCount => head.Samples;

    /// <summary>Normal samples that were learned; halved at 4096, so that what is new counts.</summary>
    public int NormalSampleCount => head.NormalSamples;

    /// <summary>Whether what was learned decides; else the factory's head does, and <see cref="Reason"/> says why.</summary>
    public bool IsAdapted => head.Samples > 0 && !isBehind;

    /// <summary>Why the factory's head decides, in a sentence; null where what was learned does.</summary>
    public string? Reason => IsAdapted ? null
        : head.Samples == 0 ? "Nothing was learned; the model decides as the factory made it."
        : $"The adapted head has {AdaptedRight} of {SelfTestCount} self-test samples right, the factory head {FactoryRight}; the factory head decides.";

    /// <summary>Self-test samples of the model that have a class.</summary>
    public int SelfTestCount => head.TestCount;

    /// <summary>How many of them the factory's head has right; 0 before the first <see cref="Verify"/>.</summary>
    public int FactoryRight => head.FactoryRight;

    /// <summary>How many of them what was learned had right at the last <see cref="Verify"/>.</summary>
    public int AdaptedRight { get; private set; }

    /// <summary>The probability of each class of the model at the last <see cref="Classify"/>; NaN if a value was not finite.</summary>
    public ReadOnlySpan<float> Probabilities => rule.Probabilities;

    /// <summary>How unlike normal samples the input of the last <see cref="Classify"/> was: 0 or more, about 1 for a normal one; 0 before two are known.</summary>
    public float AnomalyScore { get; private set; }

    /// <summary>The score from which on an input is an anomaly: the model's quantile of normal samples; 0 before enough are known.</summary>
    public float AnomalyThreshold => head.AnomalyThreshold / (float)(1 << AnomalyHead.FractionBits);

    /// <summary>Whether the input of the last <see cref="Classify"/> is unlike normal samples; false before enough are known.</summary>
    public bool IsAnomaly => head.AnomalyThreshold > 0 && AnomalyScore >= AnomalyThreshold;

    /// <summary>The most that all samples together, whatever they are, can move the logit of a class of the model.</summary>
    public float MaxLogitChange => settings.LogitLimit / (float)(1 << DenseHead.LogitLimitBits);

    /// <summary>Bytes that the heads take in RAM beside the session, without the .NET objects around them; the same on a device.</summary>
    public int MemoryBytes => AdaptiveHead.MemoryBytes(settings);

    /// <summary>Bytes of a state file of this model.</summary>
    public int StateBytes => StateFile.Bytes(settings);

    /// <summary>What a model can learn; <see cref="LearningHeads.None"/> where it was not prepared.</summary>
    public static LearningHeads HeadsOf(EdgeModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return AdaptationRecord.IsIn(model.File) ? (LearningHeads)AdaptationRecord.Read(model.File).Heads : LearningHeads.None;
    }

    /// <summary>Decides on one input.</summary>
    /// <param name="input"><see cref="InputLength"/> values.</param>
    /// <exception cref="ArgumentException">The input has the wrong length.</exception>
    public Decision Classify(ReadOnlySpan<float> input)
    {
        Run(input);
        bool accepts = DecisionGuard.Accepts(input, acceptsMissing);
        AnomalyScore = accepts ? head.AnomalyScore() / (float)(1 << AnomalyHead.FractionBits) : 0f;
        int added = IsAdapted && accepts ? Adapt() : -1;
        int index = rule.Decide(accepts);
        return added < 0
            ? new Decision(index, index == Decision.None ? "" : texts[index], rule.Probability, score.Of(input), rule.Reason)
            : new Decision(added, ClassText(added), head.AddedShare / (float)LogitShares.One, score.Of(input));
    }

    /// <summary>Learns that an input is of a class, then compares with the factory's head as <see cref="Verify"/> does.</summary>
    /// <param name="input"><see cref="InputLength"/> values.</param>
    /// <param name="label">The class: 0 to <see cref="ClassCount"/> − 1.</param>
    /// <returns>Whether it was learned: not where a value is not finite.</returns>
    /// <exception cref="ArgumentException">The input has the wrong length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    /// <exception cref="InvalidOperationException">The model learns only what normal samples are like.</exception>
    public bool Learn(ReadOnlySpan<float> input, int label)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(label);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(label, ClassCount);
        Require(LearningHeads.LastLayer | LearningHeads.AddedClasses, "does not learn from labelled samples");
        RunTests();
        if (!Run(input, acceptsMissing))
        {
            return false;
        }

        head.Learn(label);
        Verify();
        return true;
    }

    /// <summary>Learns that an input is normal.</summary>
    /// <param name="input"><see cref="InputLength"/> values.</param>
    /// <returns>Whether it was learned: not where a value is not finite.</returns>
    /// <exception cref="ArgumentException">The input has the wrong length.</exception>
    /// <exception cref="InvalidOperationException">The model does not learn what normal samples are like.</exception>
    public bool LearnNormal(ReadOnlySpan<float> input)
    {
        Require(LearningHeads.Anomalies, "does not learn what normal samples are like");
        if (!Run(input, acceptsMissing))
        {
            return false;
        }

        head.LearnNormal();
        return true;
    }

    /// <summary>Adds a class without samples.</summary>
    /// <param name="text">Its text, 1 to 24 characters.</param>
    /// <returns>The number of the class.</returns>
    /// <exception cref="ArgumentException">The text is empty or too long, or a class has it already.</exception>
    /// <exception cref="InvalidOperationException">There is no room for another class.</exception>
    public int AddClass(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        if (text.Length > AddedClasses.MaxText)
        {
            throw new ArgumentException($"The text of an added class has {text.Length} characters, where {AddedClasses.MaxText} fit.", nameof(text));
        }

        for (int i = 0; i < ClassCount; i++)
        {
            if (ClassText(i) == text)
            {
                throw new ArgumentException($"Class {i} has the text '{text}' already; learn with its number, or give another text.", nameof(text));
            }
        }

        int label = head.AddClass(text);
        return label >= 0 ? label : throw new InvalidOperationException($"The model has room for {settings.AddedClasses} added classes and has {head.AddedCount}.");
    }

    /// <summary>The text of a class, its number where the file has none; empty for <see cref="Decision.None"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The class does not exist.</exception>
    public string ClassText(int index)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(index, Decision.None);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, ClassCount);
        return index == Decision.None ? "" : index < texts.Length ? texts[index] : head.AddedText(index);
    }

    /// <summary>Tries both heads on the self-test samples that have a class; the factory's decides from then on where the other has fewer right.</summary>
    /// <returns><see cref="IsAdapted"/>.</returns>
    public bool Verify()
    {
        RunTests();
        AdaptedRight = 0;
        for (int i = 0; i < head.TestCount; i++)
        {
            head.TakeTest(i);
            int added = Adapt();
            rule.Decide(true);
            int called = head.Shares is null ? head.TestCalled(i) : rule.Called;
            AdaptedRight += added < 0 && called == head.TestLabel(i) ? 1 : 0;
        }

        isBehind = AdaptedRight < FactoryRight;
        return IsAdapted;
    }

    /// <summary>Forgets everything that was learned.</summary>
    public void Reset()
    {
        head.Reset();
        isBehind = false;
    }

    /// <summary>What was learned, as a file to keep: bound to this model by its SHA-256, with a CRC-32.</summary>
    public byte[] Save() => StateFile.Write(head, hash);

    /// <summary>Takes what <see cref="Save"/> gave, after all checks and <see cref="Verify"/>.</summary>
    /// <returns>Null, or why it was not taken, in a sentence: then the model is as the factory made it.</returns>
    public string? Restore(ReadOnlySpan<byte> state)
    {
        string? problem = StateFile.Read(state.ToArray(), head, hash);
        Verify();
        return problem;
    }

    /// <summary>Frees the session.</summary>
    public void Dispose() => session.Dispose();

    // The outputs of the adapted head; an added class, or −1.
    private int Adapt()
    {
        int added = head.Decide();
        if (head.Shares is { } shares)
        {
            for (int i = 0; i < shares.Length; i++)
            {
                rule.Outputs[i] = shares[i] / (float)LogitShares.One;
            }
        }

        return added;
    }

    // Once: what the last layer reads of a self-test sample never changes.
    private void RunTests()
    {
        if (isTested)
        {
            return;
        }

        isTested = true;
        ModelFile file = session.Model.File;
        float[] input = new float[session.InputLength];
        for (int i = 0; i < head.TestCount; i++)
        {
            int place = file.SectionOffset(FormatLayout.SelfTestSection) + (4 * head.TestVector(i) * input.Length);
            for (int k = 0; k < input.Length; k++)
            {
                input[k] = file.Bytes.F32(place + (4 * k));
            }

            Run(input);
            rule.Decide(DecisionGuard.Accepts(input, acceptsMissing));
            head.SetTest(i, rule.Called);
        }
    }

    private bool Run(ReadOnlySpan<float> input, bool missing)
    {
        Run(input);
        return DecisionGuard.Accepts(input, missing);
    }

    private void Run(ReadOnlySpan<float> input)
    {
        session.Run(input, rule.Outputs);
        ReadOnlySpan<byte> bytes = session.Bytes(hidden);
        for (int i = 0; i < head.Hidden.Length; i++)
        {
            head.Hidden[i] = (short)(settings.IsWide ? BitConverter.ToInt16(bytes[(2 * i)..]) : (sbyte)bytes[i] - settings.ZeroPoint);
        }
    }

    private void Require(LearningHeads any, string what)
    {
        if ((Heads & any) == 0)
        {
            throw new InvalidOperationException($"The model {what}; make it with 'edge train --adaptable' and that head.");
        }
    }
}
