using System.Numerics;
using EdgeInference.Runtime.Activations;

namespace EdgeInference.ModelTraining.Learners.Trees;

/// <summary>
/// Scores of rows, one for two classes and else one for each, and the log loss by them: its first and second derivatives. Arrays are as
/// long as whole vectors need.
/// </summary>
internal sealed class BoostingLoss
{
    // Rows of one task.
    private const int Part = 4096;

    private readonly double[][] scores;
    private readonly double[] weights;
    private readonly double[][] targets;
    private readonly double[] highest;
    private readonly double[] sums;
    private readonly int[] labels;

    /// <param name="labels">The class of each row.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="classWeights">The weight of a row of each class, or null.</param>
    /// <param name="start">The score of each target before the first tree.</param>
    internal BoostingLoss(int[] labels, int classes, double[]? classWeights, double[] start)
    {
        this.labels = labels;
        int length = (labels.Length + Vector<double>.Count - 1) / Vector<double>.Count * Vector<double>.Count;
        scores = [.. start.Select(score => Filled(length, _ => score))];
        weights = Filled(length, row => classWeights?[labels[row]] ?? 1);
        targets = [.. start.Select((_, target) => Filled(length, row => labels[row] == (classes == 2 ? 1 : target) ? 1 : 0))];
        highest = new double[length];
        sums = new double[length];
    }

    /// <summary>The scores of one target.</summary>
    internal double[] Scores(int target) => scores[target];

    /// <summary>The score of each target with which a model of no tree has the least loss.</summary>
    internal static double[] Start(int[] labels, int classes, double[]? classWeights)
    {
        double[] shares = new double[classes];
        foreach (int label in labels)
        {
            shares[label] += classWeights?[label] ?? 1;
        }

        double[] logs = Array.ConvertAll(shares, PortableMath.Log);
        return classes == 2 ? [logs[1] - logs[0]] : Array.ConvertAll(logs, log => log - (logs.Sum() / classes));
    }

    /// <summary>Prepares a round of softmax: the highest score of each row and the sum of exponentials.</summary>
    internal void BeginRound(int threads)
    {
        if (scores.Length == 1)
        {
            return;
        }

        ForParts(threads, at =>
        {
            var max = new Vector<double>(scores[0], at);
            for (int i = 1; i < scores.Length; i++)
            {
                max = Vector.Max(max, new Vector<double>(scores[i], at));
            }

            Vector<double> sum = Vector<double>.Zero;
            foreach (double[] score in scores)
            {
                sum += VectorExp.Of(new Vector<double>(score, at) - max);
            }

            max.CopyTo(highest, at);
            sum.CopyTo(sums, at);
        });
    }

    /// <summary>Sets the derivatives by the scores of a target. Trees of a round see the scores of its beginning.</summary>
    internal void Derive(int target, PackedGradients gradients, int threads)
    {
        double[] score = scores[target];
        bool isBinary = scores.Length == 1;
        ForParts(threads, at =>
        {
            Vector<double> p = isBinary
                ? Vector<double>.One / (Vector<double>.One + VectorExp.Of(-new Vector<double>(score, at)))
                : VectorExp.Of(new Vector<double>(score, at) - new Vector<double>(highest, at)) / new Vector<double>(sums, at);
            var weight = new Vector<double>(weights, at);
            gradients.Set(at, (p - new Vector<double>(targets[target], at)) * weight, p * (Vector<double>.One - p) * weight);
        });
    }

    /// <summary>The mean log loss of some rows, weighted.</summary>
    internal double Mean(int[] rows)
    {
        double loss = 0;
        double weight = 0;
        Span<double> logits = stackalloc double[scores.Length];
        Span<double> gradient = stackalloc double[scores.Length];
        foreach (int row in rows)
        {
            for (int i = 0; i < logits.Length; i++)
            {
                logits[i] = scores[i][row];
            }

            loss += weights[row] * CrossEntropy.Of(logits, labels[row], gradient);
            weight += weights[row];
        }

        return loss / weight;
    }

    // What lies past the last row is 0.
    private double[] Filled(int length, Func<int, double> value)
    {
        double[] filled = new double[length];
        for (int row = 0; row < labels.Length; row++)
        {
            filled[row] = value(row);
        }

        return filled;
    }

    private void ForParts(int threads, Action<int> task)
    {
        int parts = (sums.Length + Part - 1) / Part;
        Workers.For(parts, threads, part =>
        {
            int end = Math.Min(sums.Length, (part + 1) * Part);
            for (int at = part * Part; at < end; at += Vector<double>.Count)
            {
                task(at);
            }
        });
    }
}
