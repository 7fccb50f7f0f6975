extern alias nano;

using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelTraining.Learners;
using EdgeInference.Nano.Tests.Emit;
using EdgeInference.Runtime;
using Engine = nano::EdgeInference.Nano;

namespace EdgeInference.Nano.Tests.Learners;

/// <summary>Learned trees as a file: every engine decides as the learner does in double precision, on every row.</summary>
public class TreeEngineTests
{
    [Theory]
    [InlineData("boosting", 2, false)]
    [InlineData("boosting", 4, false)]
    [InlineData("boosting", 2, true)]
    [InlineData("boosting", 4, true)]
    [InlineData("forest", 2, false)]
    [InlineData("forest", 4, false)]
    [InlineData("forest", 2, true)]
    [InlineData("forest", 4, true)]
    public void Every_engine_decides_as_the_learner(string name, int classes, bool hasGaps)
    {
        LabelledTable table = Table(600, classes, hasGaps);
        int[] rows = [.. Enumerable.Range(0, 400)];
        ILearner learner = name == "forest" ? new RandomForest { Trees = 40 } : new GradientBoosting { Rounds = 40, MaxLeaves = 12, MinRows = 5 };
        IFittedClassifier fitted = learner.Fit(table, rows, null, 1);
        byte[] file = ModelWriter.Write(fitted.ToGraph());
        using EdgeModel model = EdgeModel.Load(file);
        using Session session = model.CreateSession();
        var whole = new Engine.NanoSession(Engine.NanoModel.Load(file));
        CompiledEngine emitted = CompiledEngine.For(file, classifier: false, chunks: false);
        object emittedSession = emitted.Session(emitted.Load(file), false);
        var code = new EmitBatch();
        code.Add(file);
        double[] expected = new double[classes];
        foreach (float[] row in table.Rows)
        {
            fitted.Probabilities(row, expected);
            float[] output = new float[model.OutputLength];
            session.Run(row, output);
            Check(expected, output);
            float[] nanoOutput = new float[output.Length];
            whole.Run(row, nanoOutput);
            Check(expected, nanoOutput);
            Assert.Equal(nanoOutput, CompiledEngine.Run(emittedSession, row));
            Assert.Equal(nanoOutput, code.Run<float>(0, row));
        }
    }

    private static void Check(double[] expected, float[] output)
    {
        if (expected.Length == 2)
        {
            Assert.Equal(expected[1], output[0], 1e-6);
            Assert.Equal(expected[1] >= 0.5, output[0] >= 0.5f);
            return;
        }

        for (int c = 0; c < expected.Length; c++)
        {
            Assert.Equal(expected[c], output[c], 1e-6);
        }

        Assert.Equal(Array.IndexOf(expected, expected.Max()), Array.IndexOf(output, output.Max()));
    }

    // A number with many values, whole numbers, and categories; the last rows also hold a category that is none of them.
    private static LabelledTable Table(int rows, int classes, bool hasGaps)
    {
        var random = new Xoshiro256(7);
        var values = new float[rows][];
        var labels = new int[rows];
        for (int i = 0; i < rows; i++)
        {
            float Gap(float value, int one) => hasGaps && random.Next(one) == 0 ? float.NaN : value;
            values[i] = [Gap((float)random.NextDouble(), 9), random.Next(4), Gap(random.Next(i > 500 ? 8 : 7), 12)];
            int score = (int)((float.IsNaN(values[i][0]) ? 0.9 : values[i][0]) * 2.5) + (values[i][2] is 1 or 2 or 5 ? 2 : 0) + ((int)values[i][1] / 2);
            labels[i] = i < classes ? i : random.Next(8) == 0 ? random.Next(classes) : score % classes;
        }

        return new LabelledTable(["fine", "whole", "kind"], values, labels, [.. Enumerable.Range(0, classes).Select(c => $"{c}")]) { Categories = [[], [], ["a", "b", "c", "d", "e", "f", "g"]] };
    }
}
