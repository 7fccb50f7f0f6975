using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Kernels.Float32.Reduction;

/// <summary>
/// Class probabilities from those of pairs: the second method of "Probability Estimates for Multi-class Classification by
/// Pairwise Coupling" (Wu, Lin and Weng, 2004), algorithm 2. It stops where support vector machines' usual implementation
/// does, at 0.005/k or after max(100, k) rounds, because the probabilities that users know are those of that stop.
/// </summary>
internal static unsafe class PairwiseCouplingKernel
{
    private const double Smallest = 1e-7;
    private const double StopAt = 0.005;
    private const int Rounds = 100;

    internal static BoundKernel Bind(in BindContext context)
    {
        TensorInfo r = context.Input(0);
        int classes = context.Output().LastDimension;
        var arguments = new Arguments
        {
            Input = (float*)context.InputData(0),
            Output = (float*)context.OutputData(),
            Rows = r.Elements / r.LastDimension,
            Pairs = r.LastDimension,
            Classes = classes,
            Q = (double*)context.Scratch((long)classes * classes * sizeof(double)),
            P = (double*)context.Scratch((long)classes * sizeof(double)),
            Qp = (double*)context.Scratch((long)classes * sizeof(double)),
        };
        return new BoundKernel(&Run, context.Keep(arguments));
    }

    private static void Run(void* pointer)
    {
        ref readonly Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        for (int row = 0; row < a.Rows; row++)
        {
            Fill(in a, a.Input + ((nint)row * a.Pairs));
            Solve(in a);
            for (int i = 0; i < a.Classes; i++)
            {
                a.Output[((nint)row * a.Classes) + i] = (float)a.P[i];
            }
        }
    }

    private static void Fill(in Arguments a, float* r)
    {
        int k = a.Classes;
        new Span<double>(a.Q, k * k).Clear();
        int pair = 0;
        for (int i = 0; i < k; i++)
        {
            for (int j = i + 1; j < k; j++, pair++)
            {
                double first = Math.Clamp(r[pair], Smallest, 1 - Smallest);
                double second = 1 - first;
                a.Q[(i * k) + i] += second * second;
                a.Q[(j * k) + j] += first * first;
                a.Q[(i * k) + j] = -second * first;
                a.Q[(j * k) + i] = -second * first;
            }
        }
    }

    private static void Solve(in Arguments a)
    {
        int k = a.Classes;
        for (int i = 0; i < k; i++)
        {
            a.P[i] = 1.0 / k;
        }

        for (int round = 0; round < Math.Max(Rounds, k); round++)
        {
            double pQp = 0;
            for (int i = 0; i < k; i++)
            {
                a.Qp[i] = 0;
                for (int j = 0; j < k; j++)
                {
                    a.Qp[i] += a.Q[(i * k) + j] * a.P[j];
                }

                pQp += a.P[i] * a.Qp[i];
            }

            double error = 0;
            for (int i = 0; i < k; i++)
            {
                error = Math.Max(error, Math.Abs(a.Qp[i] - pQp));
            }

            if (error < StopAt / k)
            {
                return;
            }

            for (int i = 0; i < k; i++)
            {
                double difference = (pQp - a.Qp[i]) / a.Q[(i * k) + i];
                a.P[i] += difference;
                double sum = 1 + difference;
                pQp = (pQp + (difference * ((difference * a.Q[(i * k) + i]) + (2 * a.Qp[i])))) / sum / sum;
                for (int j = 0; j < k; j++)
                {
                    a.Qp[j] = (a.Qp[j] + (difference * a.Q[(i * k) + j])) / sum;
                    a.P[j] /= sum;
                }
            }
        }
    }

    private struct Arguments
    {
        internal float* Input;
        internal float* Output;
        internal double* Q;
        internal double* P;
        internal double* Qp;
        internal int Rows;
        internal int Pairs;
        internal int Classes;
    }
}
