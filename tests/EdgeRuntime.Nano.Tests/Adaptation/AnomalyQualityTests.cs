using System.Diagnostics;
using System.Globalization;
using EdgeInference.ModelTraining;
using EdgeInference.Runtime;
using EdgeInference.Runtime.Adaptation;

namespace EdgeInference.Nano.Tests.Adaptation;

/// <summary>
/// Anomalies of machine sounds in the shape of MLPerf Tiny's task: 640 inputs, five frames of 128 bands in decibels. The sounds are made here, not
/// ToyADMOS's. The network learned which of four machines it hears, from normal sounds only; the device then learns its own machine's normal sounds.
/// </summary>
public class AnomalyQualityTests
{
    private const string Python = "/usr/bin/python3";
    private const int Frames = 5;
    private const int Bands = 128;
    private const int Machines = 4;
    private const int Sounds = 200;

    private const string Script = """
        import sys, numpy as np
        from sklearn.ensemble import IsolationForest
        from sklearn.neighbors import LocalOutlierFactor
        from sklearn.metrics import roc_auc_score
        train, normal, faulty = [np.loadtxt(sys.argv[1] + name, delimiter=',') for name in ('/train', '/normal', '/faulty')]
        x = np.vstack([normal, faulty])
        y = [0] * len(normal) + [1] * len(faulty)
        print(roc_auc_score(y, -IsolationForest(random_state=0).fit(train).score_samples(x)))
        print(roc_auc_score(y, -LocalOutlierFactor(novelty=True).fit(train).score_samples(x)))
        """;

    [Theory]
    [InlineData(0, Precision.Int8)]
    [InlineData(1, Precision.Int8)]
    [InlineData(0, Precision.Int16)]
    public void Faults_of_a_machine_have_higher_scores_than_its_normal_sounds(int machine, Precision precision)
    {
        (double area, double above, _, _, _) = Learn(machine, precision);
        Assert.True(area > 0.95, $"AUC {area:F4}");

        // The model's quantile is 0.99.
        Assert.InRange(above, 0, 0.03);
    }

    [Fact]
    public void The_area_under_the_curve_is_above_that_of_scikit_learns_IsolationForest()
    {
        Assert.SkipUnless(File.Exists(Python) && Run("-c", "import sklearn, numpy").Length == 0, "python3-sklearn is not here");
        (double area, _, float[][] train, float[][] normal, float[][] faulty) = Learn(0, Precision.Int8);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("edge-anomalies-");
        try
        {
            foreach ((string name, float[][] rows) in ((string, float[][])[])[("train", train), ("normal", normal), ("faulty", faulty)])
            {
                File.WriteAllLines(Path.Combine(folder.FullName, name), rows.Select(row => string.Join(',', row.Select(value => value.ToString("R", CultureInfo.InvariantCulture)))));
            }

            double[] areas = [.. Run("-c", Script, folder.FullName).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => double.Parse(line, CultureInfo.InvariantCulture))];
            TestContext.Current.TestOutputHelper?.WriteLine($"AUC: hidden layer of 64 in int8 {area:F4}, IsolationForest on 640 inputs {areas[0]:F4}, LocalOutlierFactor on 640 inputs {areas[1]:F4}");
            Assert.True(area > areas[0], $"{area:F4}, IsolationForest {areas[0]:F4}, LocalOutlierFactor {areas[1]:F4}");
        }
        finally
        {
            folder.Delete(true);
        }
    }

    private static (double Area, double Above, float[][] Train, float[][] Normal, float[][] Faulty) Learn(int machine, Precision precision)
    {
        var random = new Random(1);
        int[] labels = [.. Enumerable.Range(0, 800).Select(i => i % Machines)];
        var table = new LabelledTable([.. Enumerable.Range(0, Frames * Bands).Select(i => $"m{i}")], [.. labels.Select(label => Sound(random, label, false))], labels, ["a", "b", "c", "d"]);
        TrainingResult trained = AdaptableModels.Train("machines", table, new TrainingOptions { HiddenSizes = [64], Epochs = 20 });
        using EdgeModel model = EdgeModel.Load(trained.Model.Quantize(table.Rows, new QuantizeOptions { Precision = precision, Method = RangeMethod.MinMax }).MakeAdaptable(table, new AdaptableOptions()).ToBytes());
        using var classifier = new AdaptiveClassifier(model);
        var own = new Random(50 + machine);
        float[][] train = Rows(false);
        float[][] normal = Rows(false);
        float[][] faulty = Rows(true);
        foreach (float[] row in train)
        {
            classifier.LearnNormal(row);
        }

        float[] low = [.. normal.Select(Score)];
        float[] high = [.. faulty.Select(Score)];
        double area = high.Sum(score => low.Sum(other => score > other ? 1.0 : score == other ? 0.5 : 0)) / (low.Length * high.Length);
        return (area, low.Count(score => score >= classifier.AnomalyThreshold) / (double)low.Length, train, normal, faulty);

        float[][] Rows(bool fault) => [.. Enumerable.Range(0, Sounds).Select(_ => Sound(own, machine, fault))];

        float Score(float[] row)
        {
            classifier.Classify(row);
            return classifier.AnomalyScore;
        }
    }

    // A hum with harmonics whose strengths are the machine's own; speed and level vary, and there is noise. A fault is a whistle, a hiss, or a rattle between the harmonics.
    private static float[] Sound(Random random, int machine, bool fault)
    {
        var own = new Random(1000 + machine);
        int hum = own.Next(6, 14);
        double[] strengths = [.. Enumerable.Range(0, 8).Select(_ => 0.5 + own.NextDouble())];
        double speed = 1 + (0.02 * (random.NextDouble() - 0.5));
        double level = 1 + (0.3 * (random.NextDouble() - 0.5));
        double[] bands = new double[Bands];
        for (int h = 1; h <= 8; h++)
        {
            Peak(hum * h * speed, level * strengths[h - 1], 1.2);
        }

        switch (fault ? random.Next(3) : -1)
        {
            case 0:
                Peak(random.Next(20, 120), 0.6, 1.5);
                break;
            case 1:
                for (int band = 60; band < Bands; band++)
                {
                    bands[band] += 0.12;
                }

                break;
            case 2:
                for (int h = 1; h <= 8; h += 2)
                {
                    Peak(hum * (h + 0.5) * speed, 0.4, 1.2);
                }

                break;
        }

        return [.. Enumerable.Range(0, Frames * Bands).Select(i => (float)(20 * Math.Log10(0.05 + bands[i % Bands] + (0.05 * Math.Abs(random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5)))))];

        void Peak(double centre, double strength, double width)
        {
            for (int band = 0; band < Bands && centre < Bands; band++)
            {
                bands[band] += strength * Math.Exp(-0.5 * Math.Pow((band - centre) / width, 2));
            }
        }
    }

    private static string Run(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? text : "failed: " + error.Result;
    }
}
