using System.Runtime.CompilerServices;
using EdgeInference.ModelConverter.Activations;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Activations;
using EdgeInference.Runtime.Kernels.Float32.Elementwise;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Benchmarks.Numerics;

/// <summary>What a sweep over bit patterns of float32 found.</summary>
/// <param name="Function">The function's name.</param>
/// <param name="Inputs">Numbers tried, NaN included.</param>
/// <param name="MaxUlp">Largest distance from the exact value in units of its last place: 0 where all are exact, 0.5 where all are the nearest.</param>
/// <param name="WorstInput">Where.</param>
/// <param name="Misrounded">Inputs whose output is not the nearest float32.</param>
/// <param name="Unlike">Inputs where the vectors and their scalar twin differ in a bit.</param>
/// <param name="Special">Inputs where NaN did not give NaN, or something else did.</param>
internal sealed record UlpResult(string Function, long Inputs, double MaxUlp, float WorstInput, long Misrounded, long Unlike, long Special);

/// <summary>Compares the float32 kernels with double precision, element by element.</summary>
internal static unsafe class UlpSweep
{
    private const int BlockLength = 1 << 16;
    private const double NearestUlps = 0.5;

    /// <summary>Names of what can be swept: e^x, the error function, and every activation with a kernel of its own.</summary>
    internal static IEnumerable<string> Functions =>
        ["Exp", "Erf", .. ActivationFunctions.All.Where(function => function.Kind != ActivationKind.PReLU).Select(function => function.Name)];

    /// <summary>Sweeps every <paramref name="stride"/>-th bit pattern from one to before another, all by default.</summary>
    internal static UlpResult Run(string name, uint stride, uint from = 0, long to = 1L << 32)
    {
        ActivationFunction? activation = ActivationFunctions.Find(name);
        Func<double, double> exact = activation is not null ? activation.Value : name == "Erf" ? Erf : Math.Exp;
        ActivationFormula formula = activation is not null ? ActivationFormulas.Get(activation.Kind) : name == "Erf" ? Formula<ErfFormula>() : Formula<ExpFunction>();
        delegate*<float*, float*, nint, float, float, void> fast = formula.Fast;
        delegate*<float*, float*, nint, float, float, void> scalar = formula.Scalar;
        float alpha = activation?.DefaultAlpha ?? 0f;
        float beta = activation?.DefaultBeta ?? 0f;
        long count = (to - from + stride - 1) / stride;
        int blocks = (int)((count + BlockLength - 1) / BlockLength);
        var results = new UlpResult[blocks];
        Parallel.For(0, blocks, block =>
        {
            long first = (long)block * BlockLength;
            results[block] = Block(name, from + (first * stride), (int)Math.Min(BlockLength, count - first), stride, exact, fast, scalar, alpha, beta);
        });
        UlpResult worst = results.MaxBy(result => result.MaxUlp)!;
        return worst with
        {
            Inputs = results.Sum(result => result.Inputs),
            Misrounded = results.Sum(result => result.Misrounded),
            Unlike = results.Sum(result => result.Unlike),
            Special = results.Sum(result => result.Special),
        };
    }

    /// <summary>Distance between a float32 and an exact value in units of the last place of the float32 nearest to the latter.</summary>
    internal static double Ulps(float actual, double exact)
    {
        // The next after the largest float32 stands for infinity.
        double a = float.IsInfinity(actual) ? Math.CopySign(Math.ScaleB(1, 128), actual) : actual;
        double e = Math.Clamp(exact, -Math.ScaleB(1, 128), Math.ScaleB(1, 128));
        return Math.Abs(a - e) / Ulp(e);
    }

    // Near 0 by the first two terms of its series: 1 less erfc has no digits there.
    private static double Erf(double x)
    {
        double magnitude = Math.Abs(x);
        double y = magnitude < 1e-4 ? 2 / Math.Sqrt(Math.PI) * magnitude * (1 - (magnitude * magnitude / 3)) : 1 - ErrorFunction.Erfc(magnitude);
        return Math.CopySign(y, x);
    }

    private static ActivationFormula Formula<TFunction>()
        where TFunction : struct, IVectorFunction
        => new(&VectorFunction.Apply<TFunction>, &VectorFunction.ApplyScalar<TFunction>);

    private static double Ulp(double exact) => Math.ScaleB(1, Math.Clamp(exact == 0 ? -126 : Math.ILogB(exact), -126, 127) - 23);

    private static UlpResult Block(
        string name,
        long first,
        int length,
        uint stride,
        Func<double, double> exact,
        delegate*<float*, float*, nint, float, float, void> fast,
        delegate*<float*, float*, nint, float, float, void> scalar,
        float alpha,
        float beta)
    {
        var x = new float[length];
        var y = new float[length];
        var z = new float[length];
        for (int i = 0; i < length; i++)
        {
            x[i] = BitConverter.UInt32BitsToSingle((uint)(first + ((long)i * stride)));
        }

        fixed (float* source = x, vectors = y, one = z)
        {
            fast(source, vectors, length, alpha, beta);
            scalar(source, one, length, alpha, beta);
        }

        double worst = 0;
        float worstInput = 0;
        long misrounded = 0;
        long unlike = 0;
        long special = 0;
        for (int i = 0; i < length; i++)
        {
            double expected = exact(x[i]);
            if (float.IsNaN(y[i]) || double.IsNaN(expected))
            {
                special += float.IsNaN(y[i]) && double.IsNaN(expected) && float.IsNaN(z[i]) ? 0 : 1;
                continue;
            }

            unlike += BitConverter.SingleToInt32Bits(y[i]) == BitConverter.SingleToInt32Bits(z[i]) ? 0 : 1;
            bool nearest = y[i] == (float)expected;
            misrounded += nearest ? 0 : 1;
            double ulps = nearest ? (y[i] == expected ? 0 : NearestUlps) : Ulps(y[i], expected);
            if (ulps > worst)
            {
                worst = ulps;
                worstInput = x[i];
            }
        }

        return new UlpResult(name, length, worst, worstInput, misrounded, unlike, special);
    }

    private readonly struct ExpFunction : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector x, TVector alpha, TVector beta)
            where TVector : struct, IFloatVector<TVector>
            => VectorMath.Exp(x);
    }
}
