using System.Globalization;
using EdgeInference.Benchmarks.Contenders;
using EdgeInference.Benchmarks.Models;

namespace EdgeInference.Benchmarks;

/// <summary>Whether engines compute the same: a ratio between those that do not would mean nothing.</summary>
internal static class Agreement
{
    /// <summary>Takes out the engines that differ from the first, and says by how much, on standard error.</summary>
    /// <returns>Whether all agree.</returns>
    internal static bool Keep(string model, List<ModelContender> contenders)
    {
        float[] expected = contenders[0].Answers();
        float largest = expected.Max(MathF.Abs);
        bool agree = true;
        foreach (ModelContender contender in contenders.Skip(1).ToArray())
        {
            double worst = expected.Zip(contender.Answers(), (a, b) => Math.Abs((double)a - b)).Max();
            double tolerance = largest * contender.Engine.Tolerance();
            if (!(worst <= tolerance))
            {
                Console.Error.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{model}: {contender.Name} differs from {contenders[0].Name} by {worst:G3} where {tolerance:G3} is allowed (largest output {largest:G3}); its times are left out."));
                contenders.Remove(contender);
                contender.Dispose();
                agree = false;
            }
        }

        return agree;
    }
}
