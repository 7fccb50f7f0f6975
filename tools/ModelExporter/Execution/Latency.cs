using System.Diagnostics;
using EdgeInference.ModelConverter.Check;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Execution;

/// <summary>Measures how long one inference takes on this machine.</summary>
internal static class Latency
{
    private const int Rounds = 41;
    private const double RoundSeconds = 0.004;

    /// <summary>Median over rounds of the mean time of one inference, in microseconds, on one thread with inputs from <paramref name="rows"/>.</summary>
    internal static double Microseconds(EdgeModel model, IReadOnlyList<float[]> rows) => Measure(model, rows).Nanoseconds / 1000;

    /// <summary>The mean time of one inference in each round, in nanoseconds, on one thread with inputs from <paramref name="rows"/>.</summary>
    internal static MeasuredTime Measure(EdgeModel model, IReadOnlyList<float[]> rows)
    {
        using Session session = model.CreateSession();
        var output = new float[session.OutputLength];
        WarmUp.Run(() => Time(session, rows, output, rows.Count));
        int count = Calibrate(session, rows, output);
        var times = new double[Rounds];
        for (int round = 0; round < Rounds; round++)
        {
            times[round] = Time(session, rows, output, count).TotalNanoseconds / count;
        }

        return MeasuredTime.Of(times);
    }

    // Doubles the number of inferences until a round is long against the timer's step.
    private static int Calibrate(Session session, IReadOnlyList<float[]> rows, float[] output)
    {
        int count = 1;
        while (Time(session, rows, output, count).TotalSeconds < RoundSeconds)
        {
            count *= 2;
        }

        return count;
    }

    private static TimeSpan Time(Session session, IReadOnlyList<float[]> rows, float[] output, int count)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0, row = 0; i < count; i++)
        {
            session.Run(rows[row], output);
            row = row + 1 == rows.Count ? 0 : row + 1;
        }

        return Stopwatch.GetElapsedTime(start);
    }
}
