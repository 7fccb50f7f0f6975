using System.Runtime.InteropServices;
using EdgeInference.ModelConverter.Check;
using EdgeInference.ModelConverter.Evaluate;
using EdgeInference.ModelConverter.Execution;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Runtime;
using EdgeInference.Tool.Execution;

namespace EdgeInference.Tool.Tests.Report;

/// <summary>A large model in a report: rows by blocks, times of few inferences.</summary>
public class LargeRunsTests
{
    private const int Width = 2100;

    [Fact]
    public void Blocks_give_what_single_runs_give_and_operators_are_timed_within_inferences()
    {
        using EdgeModel model = Wide(Width);
        Assert.True(LargeRuns.IsFor(model));
        var random = new Random(3);
        float[][] rows = [.. Enumerable.Range(0, 261).Select(_ => Enumerable.Range(0, Width).Select(_ => random.NextSingle() - 0.5f).ToArray())];
        using Session session = model.CreateSession();
        float[][] outputs = LargeRuns.Run(session, rows);
        Assert.Equal(rows.Length, outputs.Length);
        foreach (int row in new[] { 0, 63, 64, 255, 256, 260 })
        {
            float[] single = new float[Width];
            session.Run(rows[row], single);
            Assert.Equal(Width, outputs[row].Length);
            Assert.All(Enumerable.Range(0, Width), i => Assert.Equal(single[i], outputs[row][i], 1e-3f));
        }

        OperatorTimes times = OperatorTimes.Measure(model, rows);
        Assert.All(new[] { times.FastRuns, times.ReferenceRuns, times.WholeRuns }, runs => Assert.InRange(runs, 3, 41));
        Assert.InRange(times.WholeFast, times.WholeLeast, times.WholeMost);
        Assert.True(!times.IsTogether || times.WholeRuns == times.FastRuns);
    }

    [Fact]
    public void A_small_model_is_run_row_by_row()
    {
        using EdgeModel model = Wide(64);
        Assert.False(LargeRuns.IsFor(model));
    }

    [Fact]
    public void Shuffles_that_are_run_together_give_the_same_importance()
    {
        var random = new Random(4);
        float[][] rows = [.. Enumerable.Range(0, 20).Select(_ => new[] { random.NextSingle(), random.NextSingle(), random.NextSingle() })];
        int[] labels = [.. rows.Select(row => row[0] + row[1] > 1 ? 1 : 0)];
        IReadOnlyList<(float OfTruth, bool IsRight)> Decide(IReadOnlyList<float[]> given) =>
            [.. given.Select((row, i) => (labels[i % labels.Length] == 1 ? (row[0] + row[1]) / 2 : 1 - ((row[0] + row[1]) / 2), row[0] + row[1] > 1 == (labels[i % labels.Length] == 1)))];
        FeatureImportance[] single = PermutationImportance.Of(rows, labels, Decide);
        Assert.True(single[0].LogLoss > 0);
        Assert.Equal(single, PermutationImportance.Of(rows, labels, Decide, 7));
    }

    [Fact]
    public void A_time_is_the_median_with_its_ends() => Assert.Equal(new MeasuredTime(3, 1, 9, 5), MeasuredTime.Of([9, 1, 3, 2, 4]));

    private static EdgeModel Wide(int width)
    {
        var random = new Random(2);
        float[] weights = [.. Enumerable.Range(0, width * width).Select(_ => random.NextSingle() - 0.5f)];
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Float32, [width], 0);
        int y = builder.AddTensor(TensorType.Float32, [width], 16384);
        builder.AddOperator(Opcode.Dense, [x, builder.AddConstant(TensorType.Float32, [width, width], MemoryMarshal.AsBytes<float>(weights).ToArray()), builder.AddConstant(TensorType.Float32, [width], new byte[4 * width])], [y], [0, 0, 0, 0, 0, 0]);
        builder.AddInput(x);
        builder.AddOutput(y, OutputRole.Probability);
        return EdgeModel.Load(builder.Build());
    }
}
