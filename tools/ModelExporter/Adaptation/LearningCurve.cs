using EdgeInference.ModelConverter.Adaptation;
using EdgeInference.Runtime;
using EdgeInference.Runtime.Adaptation;

namespace EdgeInference.Tool.Adaptation;

/// <summary>What a model learned from rows in their order, as a device would, to the bit.</summary>
/// <param name="Points">After 0, 1, 2, 5, 10, ... samples and after the last.</param>
/// <param name="IsHeldOut">Whether the points are of rows of their own; else each is of the rows not yet learned.</param>
/// <param name="Skipped">Rows that were not learned since a value is not finite.</param>
/// <param name="FirstFactory">Share of all learned rows that the factory's head decides rightly.</param>
/// <param name="FirstAdapted">Share of them that the model decided rightly, each just before it was learned.</param>
/// <param name="MaxLogitChange">The most that a logit can change.</param>
/// <param name="SelfTestSamples">Self-test samples that have a class.</param>
/// <param name="Added">Texts of classes that were added in this run, with their rows.</param>
/// <param name="Reason">Why the factory's head decides in the end; null where what was learned does.</param>
internal sealed record LearningCurve(
    IReadOnlyList<LearningPoint> Points, bool IsHeldOut, int Skipped, double FirstFactory, double FirstAdapted, float MaxLogitChange, int SelfTestSamples, IReadOnlyList<AddedClass> Added, string? Reason)
{
    /// <summary>Learns rows one by one, and tries both heads in between.</summary>
    /// <param name="model">The model, whose learner learns.</param>
    /// <param name="factory">The same model that has learned nothing.</param>
    /// <param name="edge">Its file.</param>
    /// <param name="rows">What is learned.</param>
    /// <param name="test">What is tried, with the same classes; null for the rows not yet learned.</param>
    /// <param name="share">Receives the fraction done.</param>
    internal static LearningCurve Of(AdaptedModel model, AdaptedModel factory, EdgeModel edge, LabelledTable rows, LabelledTable? test, IProgress<double> share)
    {
        AdaptiveClassifier learner = model.Learner;
        int known = learner.ClassCount;
        LabelledTable tried = test ?? rows;
        bool[] right = [.. tried.Rows.Select((row, i) => factory.Decide(row).Called == tried.Labels[i])];
        bool[] first = test is null ? right : [.. rows.Rows.Select((row, i) => factory.Decide(row).Called == rows.Labels[i])];
        var changes = new LogitChanges(edge, test is null ? rows.Rows : [.. rows.Rows, .. tried.Rows], AdaptedModel.Hash(edge));
        var points = new List<LearningPoint>();
        int[] places = Places(rows.Rows.Count);
        int skipped = 0;
        int before = 0;
        for (int learned = 0; ; learned++)
        {
            if (Array.IndexOf(places, learned) >= 0)
            {
                points.Add(Point(model, tried, right, test is null ? learned : 0, learned, changes));
            }

            if (learned == rows.Rows.Count)
            {
                break;
            }

            float[] row = rows.Rows[learned];
            int label = rows.Labels[learned];
            before += model.Decide(row).Called == label ? 1 : 0;
            while (label >= learner.ClassCount)
            {
                _ = learner.AddClass(rows.Classes[learner.ClassCount]);
            }

            skipped += learner.Learn(row, label) ? 0 : 1;
            share.Report((learned + 1.0) / rows.Rows.Count);
        }

        return new LearningCurve(
            points,
            test is not null,
            skipped,
            (double)first.Count(isRight => isRight) / rows.Rows.Count,
            (double)before / rows.Rows.Count,
            learner.MaxLogitChange,
            learner.SelfTestCount,
            [.. Enumerable.Range(known, learner.ClassCount - known).Select(added => new AddedClass(learner.ClassText(added), rows.Labels.Count(label => label == added)))],
            learner.Reason);
    }

    private static LearningPoint Point(AdaptedModel model, LabelledTable tried, bool[] factory, int from, int samples, LogitChanges changes)
    {
        int rows = tried.Rows.Count - from;
        int adapted = Enumerable.Range(from, rows).Count(i => model.Decide(tried.Rows[i]).Called == tried.Labels[i]);
        _ = model.Learner.Verify();
        return new LearningPoint(
            samples,
            rows,
            rows == 0 ? null : (double)factory.Skip(from).Count(isRight => isRight) / rows,
            rows == 0 ? null : (double)adapted / rows,
            model.Learner.FactoryRight,
            model.Learner.AdaptedRight,
            model.Learner.IsAdapted,
            changes.Greatest(model.Learner.Save()));
    }

    // 0, 1, 2, 5, 10, 20, 50, ... and the last.
    private static int[] Places(int count)
    {
        var places = new List<int> { 0 };
        for (long power = 1; power < count; power *= 10)
        {
            places.AddRange(((long[])[power, 2 * power, 5 * power]).Where(place => place < count).Select(place => (int)place));
        }

        places.Add(count);
        return [.. places];
    }
}

/// <summary>A class that was added.</summary>
/// <param name="Text">Its text.</param>
/// <param name="Rows">Rows of it that were learned.</param>
internal sealed record AddedClass(string Text, int Rows);
