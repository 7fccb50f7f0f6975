extern alias nano;

using EdgeInference.Nano.Tests.Models;
using EdgeInference.Runtime;
using Engine = nano::EdgeInference.Nano;

namespace EdgeInference.Nano.Tests.Kernels.Reduction;

/// <summary>
/// PairwiseCoupling goes on until a bound is met, in float32 on the device and in double precision on the desktop: the two agree
/// where they stop after the same round. Where rounding decides on one round more, what the device gives meets the bound too.
/// </summary>
public class CouplingTests
{
    private const double StopAt = 0.005;
    private const double Smallest = 1e-7;

    // Of the bound, for what float32 rounds.
    private const double Slack = 1e-5;

    [Fact]
    public void Couplings_are_within_1e_5_or_meet_the_bound_at_which_they_stop() =>
        Seeds.Each(
            3_000,
            seed =>
            {
                byte[] file = RandomModels.Coupling(seed);
                using EdgeModel model = EdgeModel.Load(file);
                using Session desktop = model.CreateSession(KernelSet.Reference);
                var device = new Engine.NanoSession(Engine.NanoModel.Load(file));
                var random = new Random(seed);
                float[] input = [.. Enumerable.Range(0, model.InputLength).Select(_ => (float)random.NextDouble())];
                float[] expected = new float[model.OutputLength];
                float[] actual = new float[model.OutputLength];
                desktop.Run(input, expected);
                device.Run(input, actual);
                int pairs = model.File.Inputs[0].LastDimension;
                int classes = model.File.Outputs[0].LastDimension;
                return Enumerable.Range(0, input.Length / pairs).All(row =>
                    Enumerable.Range(row * classes, classes).All(i => MathF.Abs(expected[i] - actual[i]) <= 1e-5f)
                    || IsSolution(input.AsSpan(row * pairs, pairs), actual.AsSpan(row * classes, classes)));
            });

    // Wu, Lin and Weng (2004), equation 21 and algorithm 2: |(Qp)i - p'Qp| < 0.005/k for each i, and probabilities that add up to 1.
    private static bool IsSolution(ReadOnlySpan<float> pairs, ReadOnlySpan<float> p)
    {
        int k = p.Length;
        double[] product = new double[k];
        double[] sums = new double[k];
        int pair = 0;
        double total = 0;
        for (int i = 0; i < k; i++)
        {
            total += p[i];
            for (int j = i + 1; j < k; j++, pair++)
            {
                double first = Math.Clamp(pairs[pair], Smallest, 1 - Smallest);
                double second = 1 - first;
                sums[i] += second * second;
                sums[j] += first * first;
                product[i] -= first * second * p[j];
                product[j] -= first * second * p[i];
            }
        }

        double whole = 0;
        for (int i = 0; i < k; i++)
        {
            product[i] += sums[i] * p[i];
            whole += p[i] * product[i];
        }

        return Math.Abs(total - 1) < Slack && product.All(value => Math.Abs(value - whole) < (StopAt / k) + Slack);
    }
}
