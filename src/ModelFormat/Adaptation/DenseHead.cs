using System;

namespace EdgeInference.ModelFormat.Adaptation
{
    /// <summary>
    /// The last Dense layer with what it has learned: logit = factory's logit + Σ change · input, the sum cut at a limit, so that whatever was
    /// learned moves no logit further. One step is stochastic gradient descent on
    /// the cross-entropy (error times input), in integers with one rounding for each weight, ties up.
    /// </summary>
    /// <remarks>
    /// No sum leaves 64 bits: a change is at most 2³⁰, an input at most 2¹⁵ and there are at most 4096 of them and a bias below 2¹⁵, so that
    /// Σ change · input is below 2⁵⁸; the factory's logit is cut at ±2¹⁶, with 30 fraction bits at most 2⁴⁶. A step's product is at most
    /// 2¹⁵ · 2¹⁵ · 2¹⁵.
    /// </remarks>
    internal sealed class DenseHead
    {
        /// <summary>Fraction bits of the greatest change of a logit.</summary>
        public const int LogitLimitBits = 4;

        private const int LargestLogit = 1 << 16;

        private readonly HeadSettings settings;
        private readonly int depth;

        // [unit · (depth + 1)], the bias last.
        private readonly int[] changes;
        private readonly long[] logits;
        private readonly int[] powers;

        public DenseHead(HeadSettings settings)
        {
            this.settings = settings;
            depth = settings.Depth;
            changes = new int[settings.Units * (depth + 1)];
            logits = new long[settings.Units];
            powers = new int[settings.Units];
            Shares = new int[settings.Units];
        }

        /// <summary>What each unit gave at the last <see cref="Run"/>, in 2⁻¹⁵.</summary>
        public readonly int[] Shares;

        /// <summary>The logits of the last <see cref="Run"/>.</summary>
        public long[] Logits
        {
            get { return logits; }
        }

        /// <summary>What was learned, in 2^−fraction bits: of each unit a change for each input, then the bias.</summary>
        public int[] Changes
        {
            get { return changes; }
        }

        /// <summary>Forgets.</summary>
        public void Reset()
        {
            Array.Clear(changes, 0, changes.Length);
        }

        /// <summary>Computes <see cref="Shares"/>.</summary>
        /// <param name="inputs">Where the hidden vector is.</param>
        /// <param name="start">Where it begins.</param>
        public void Run(short[] inputs, int start)
        {
            int[] learned = changes;
            short[] weights = settings.Weights;
            int n = depth;
            long most = ((long)settings.LogitLimit << settings.FractionBits) >> LogitLimitBits;
            int at = 0;
            int fixedAt = 0;
            for (int unit = 0; unit < logits.Length; unit++)
            {
                long sum = settings.Bias[unit];
                long change = 0;
                for (int i = 0; i < n; i++)
                {
                    long x = inputs[start + i];
                    sum += x * weights[fixedAt + i];
                    change += x * learned[at + i];
                }

                change += (long)learned[at + n] << settings.BiasShift;
                change = change > most ? most : change < -most ? -most : change;
                logits[unit] = Factory(sum, unit) + change;
                at += n + 1;
                fixedAt += n;
            }

            if (settings.IsSoftmax)
            {
                LogitShares.Softmax(logits, settings.FractionBits, Shares, powers);
                return;
            }

            for (int unit = 0; unit < logits.Length; unit++)
            {
                Shares[unit] = LogitShares.Sigmoid(logits[unit], settings.FractionBits);
            }
        }

        /// <summary>One step towards a class.</summary>
        /// <param name="inputs">Where the hidden vector is.</param>
        /// <param name="start">Where it begins.</param>
        /// <param name="label">The class, 0 to classes − 1.</param>
        public void Learn(short[] inputs, int start, int label)
        {
            Run(inputs, start);
            int n = depth;
            long half = 1L << (settings.RateShift - 1);
            int at = 0;
            for (int unit = 0; unit < logits.Length; unit++)
            {
                bool isClass = logits.Length == 1 ? label == 1 : label == unit;
                long gain = (long)((isClass ? LogitShares.One : 0) - Shares[unit]) * settings.Rate;
                if (gain != 0)
                {
                    for (int i = 0; i < n; i++)
                    {
                        changes[at + i] = Limited(changes[at + i] + (((gain * inputs[start + i]) + half) >> settings.RateShift));
                    }

                    changes[at + n] = Limited(changes[at + n] + (((gain << settings.BiasShift) + half) >> settings.RateShift));
                }

                at += n + 1;
            }
        }

        public void Write(StateBytes state)
        {
            for (int i = 0; i < changes.Length; i++)
            {
                state.WriteInt(changes[i]);
            }
        }

        /// <summary>Takes what was written, or says what is wrong with it.</summary>
        public string Read(StateBytes state)
        {
            for (int i = 0; i < changes.Length; i++)
            {
                int change = state.ReadInt();
                if (change > settings.WeightLimit || change < -settings.WeightLimit)
                {
                    return "a weight is changed by more than its limit";
                }

                changes[i] = change;
            }

            return null;
        }

        // With the fraction bits of the logits, rounded with ties up, and cut far beyond where a probability is 0 or 1.
        private long Factory(long sum, int unit)
        {
            int shift = settings.Shifts[unit];
            while (sum > int.MaxValue || sum < int.MinValue)
            {
                sum = (sum + 1) >> 1;
                shift--;
            }

            long product = sum * settings.Multipliers[unit];
            long most = (long)LargestLogit << settings.FractionBits;
            for (; shift < 0; shift++)
            {
                product = product > most || product < -most ? product : product << 1;
            }

            long logit = shift > 62 ? 0 : shift == 0 ? product : (product + (1L << (shift - 1))) >> shift;
            return logit > most ? most : logit < -most ? -most : logit;
        }

        private int Limited(long change)
        {
            int limit = settings.WeightLimit;
            return change > limit ? limit : change < -limit ? -limit : (int)change;
        }
    }
}
