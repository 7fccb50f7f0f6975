using System;

namespace EdgeInference.ModelFormat.Adaptation
{
    /// <summary>
    /// Classes that a device was taught: the mean of each one's samples. A sample belongs to one of them when it is nearer to its mean than to
    /// the means of all other classes, those of the factory included: nearest class mean (Mensink et al., Distance-Based Image Classification,
    /// IEEE TPAMI 35, 2013).
    /// </summary>
    internal sealed class AddedClasses
    {
        /// <summary>Most characters of a class's text.</summary>
        public const int MaxText = 24;

        private const int MaxSamples = 1 << 14;

        private readonly HeadSettings settings;
        private readonly int depth;
        private readonly int[] sums;
        private readonly int[] samples;
        private readonly short[] means;
        private readonly string[] texts;

        public AddedClasses(HeadSettings settings)
        {
            this.settings = settings;
            depth = settings.Depth;
            sums = new int[settings.AddedClasses * depth];
            means = new short[settings.AddedClasses * depth];
            samples = new int[settings.AddedClasses];
            texts = new string[settings.AddedClasses];
        }

        /// <summary>Classes that were added.</summary>
        public int Count { get; private set; }

        /// <summary>Bytes in a state file.</summary>
        public static int Bytes(HeadSettings settings)
        {
            return 1 + (settings.AddedClasses * (1 + (2 * MaxText) + 4 + (4 * settings.Depth)));
        }

        public void Reset()
        {
            Count = 0;
            Array.Clear(sums, 0, sums.Length);
            Array.Clear(samples, 0, samples.Length);
        }

        /// <summary>The text of an added class, counted from 0.</summary>
        public string Text(int index)
        {
            return texts[index];
        }

        /// <summary>Adds a class.</summary>
        public void AddClass(string text)
        {
            texts[Count] = text;
            Count++;
        }

        /// <summary>Adds a sample to a class; where it has 16,384, its sums are halved first, so that what is new counts.</summary>
        public void Add(short[] input, int index)
        {
            int first = index * depth;
            if (samples[index] == MaxSamples)
            {
                samples[index] >>= 1;
                for (int i = first; i < first + depth; i++)
                {
                    sums[i] >>= 1;
                }
            }

            samples[index]++;
            for (int i = 0; i < depth; i++)
            {
                sums[first + i] += input[i];
            }

            SetMeans(index);
        }

        /// <summary>The added class whose mean is nearest, or −1 where a class of the factory is nearer or none has samples.</summary>
        /// <param name="input">A hidden vector.</param>
        /// <param name="share">How near it is among the two: the other's squared distance as a share of both, in 2⁻¹⁵.</param>
        public int Nearest(short[] input, out int share)
        {
            int best = -1;
            long near = long.MaxValue;
            for (int i = 0; i < Count; i++)
            {
                long distance = samples[i] == 0 ? long.MaxValue : Distance.Squared(input, means, i * depth, depth);
                if (distance < near)
                {
                    near = distance;
                    best = i;
                }
            }

            share = 0;
            if (best < 0)
            {
                return best;
            }

            long other = long.MaxValue;
            for (int i = 0; i < settings.Classes; i++)
            {
                long distance = Distance.Squared(input, settings.Means, i * depth, depth);
                other = distance < other ? distance : other;
            }

            if (near >= other)
            {
                return -1;
            }

            share = (int)(((other << 15) + ((near + other) >> 1)) / (near + other));
            return best;
        }

        public void Write(StateBytes state)
        {
            state.WriteByte(Count);
            for (int i = 0; i < samples.Length; i++)
            {
                string text = i < Count ? texts[i] : "";
                state.WriteByte(text.Length);
                for (int k = 0; k < MaxText; k++)
                {
                    state.WriteShort(k < text.Length ? text[k] : 0);
                }

                state.WriteInt(samples[i]);
                for (int k = i * depth; k < (i + 1) * depth; k++)
                {
                    state.WriteInt(sums[k]);
                }
            }
        }

        /// <summary>Takes what was written, or says what is wrong with it.</summary>
        public string Read(StateBytes state)
        {
            Count = 0;
            int count = state.ReadByte();
            if (count > samples.Length)
            {
                return "it has more added classes than there is room for";
            }

            char[] text = new char[MaxText];
            for (int i = 0; i < samples.Length; i++)
            {
                int length = state.ReadByte();
                for (int k = 0; k < MaxText; k++)
                {
                    text[k] = (char)state.ReadShort();
                }

                samples[i] = state.ReadInt();
                if (length > MaxText || samples[i] < 0 || samples[i] > MaxSamples || (i >= count && samples[i] > 0))
                {
                    return "an added class has more characters or samples than one can have";
                }

                texts[i] = new string(text, 0, length);
                for (int k = i * depth; k < (i + 1) * depth; k++)
                {
                    sums[k] = state.ReadInt();
                    if (sums[k] > samples[i] * 32768L || sums[k] < samples[i] * -32768L)
                    {
                        return "the sum of an added class is more than its samples can make";
                    }
                }

                if (samples[i] > 0)
                {
                    SetMeans(i);
                }
            }

            Count = count;
            return null;
        }

        // Rounded, ties up.
        private void SetMeans(int index)
        {
            int count = samples[index];
            for (int i = index * depth; i < (index + 1) * depth; i++)
            {
                int twice = (2 * sums[i]) + count;
                int mean = twice / (2 * count);
                means[i] = (short)(twice < 0 && mean * 2 * count != twice ? mean - 1 : mean);
            }
        }
    }
}
