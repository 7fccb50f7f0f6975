using EdgeInference.ModelFormat;

// x != x is the test for NaN that costs the interpreter no call.
#pragma warning disable CS1718

namespace EdgeInference.Nano.Kernels
{
    /// <summary>
    /// Class probabilities from those of pairs: the second method of "Probability Estimates for Multi-class Classification by
    /// Pairwise Coupling" (Wu, Lin and Weng, 2004), algorithm 2, and its usual stop at 0.005/k or after max(100, k) rounds. In
    /// float32 where EdgeRuntime takes double: within 1e-5 of it, but for inputs at which the rounding decides on one round more.
    /// </summary>
    internal sealed class PairwiseCouplingFloat32 : NanoKernel
    {
        private const float Smallest = 1e-7f;
        private const float StopAt = 0.005f;
        private const int Rounds = 100;

        private readonly float[] input;
        private readonly float[] output;
        private readonly int rows;
        private readonly int pairs;
        private readonly int classes;
        private readonly float[] q;
        private readonly float[] p;
        private readonly float[] qp;

        internal PairwiseCouplingFloat32(BindContext context)
        {
            input = context.InputFloats(0);
            output = context.OutputFloats(0);
            pairs = context.Input(0).LastDimension;
            rows = context.Input(0).Elements / pairs;
            classes = context.Output().LastDimension;
            q = new float[classes * classes];
            p = new float[classes];
            qp = new float[classes];
        }

        internal override void Run()
        {
            for (int row = 0; row < rows; row++)
            {
                Fill(row * pairs);
                Solve();
                for (int i = 0; i < classes; i++)
                {
                    output[(row * classes) + i] = p[i];
                }
            }
        }

        private void Fill(int pair)
        {
            int k = classes;
            for (int i = 0; i < q.Length; i++)
            {
                q[i] = 0f;
            }

            for (int i = 0; i < k; i++)
            {
                for (int j = i + 1; j < k; j++)
                {
                    float first = input[pair];
                    first = first < Smallest ? Smallest : 1f - Smallest < first ? 1f - Smallest : first;
                    float second = 1f - first;
                    q[(i * k) + i] += second * second;
                    q[(j * k) + j] += first * first;
                    q[(i * k) + j] = -second * first;
                    q[(j * k) + i] = -second * first;
                    pair++;
                }
            }
        }

        private void Solve()
        {
            int k = classes;
            float stop = StopAt / k;
            int rounds = k > Rounds ? k : Rounds;
            for (int i = 0; i < k; i++)
            {
                p[i] = 1f / k;
            }

            for (int round = 0; round < rounds; round++)
            {
                float total = Multiply();
                float error = 0f;
                for (int i = 0; i < k; i++)
                {
                    float difference = qp[i] - total;
                    difference = difference < 0f ? -difference : difference;
                    error = error < difference || difference != difference ? difference : error;
                }

                if (error < stop)
                {
                    return;
                }

                for (int i = 0; i < k; i++)
                {
                    total = Update(i, total);
                }
            }
        }

        private float Multiply()
        {
            float[] matrix = q;
            float[] x = p;
            float[] y = qp;
            int k = classes;
            int index = 0;
            float total = 0f;
            for (int i = 0; i < k; i++)
            {
                float sum = 0f;
                for (int j = 0; j < k; j++)
                {
                    sum += matrix[index] * x[j];
                    index++;
                }

                y[i] = sum;
                total += x[i] * sum;
            }

            return total;
        }

        private float Update(int i, float total)
        {
            int k = classes;
            float diagonal = q[(i * k) + i];
            float difference = FloatMath.Divide(total - qp[i], diagonal);
            p[i] += difference;
            float sum = 1f + difference;
            total = FloatMath.Divide(FloatMath.Divide(total + (difference * ((difference * diagonal) + (2f * qp[i]))), sum), sum);
            for (int j = 0; j < k; j++)
            {
                qp[j] = FloatMath.Divide(qp[j] + (difference * q[(i * k) + j]), sum);
                p[j] = FloatMath.Divide(p[j], sum);
            }

            return total;
        }
    }
}
