using System;

namespace EdgeInference.ModelFormat.Adaptation
{
    /// <summary>
    /// Labelled samples, oldest first: what a head rehearses, and the neighbours of a new sample. Where it is full, the oldest sample of the
    /// class with the most samples makes room, so that no class can push out the others.
    /// </summary>
    internal sealed class SampleMemory
    {
        private readonly HeadSettings settings;
        private readonly int depth;
        private readonly short[] inputs;
        private readonly byte[] labels;
        private readonly long[] nearest;
        private readonly byte[] nearestLabels;

        public SampleMemory(HeadSettings settings)
        {
            this.settings = settings;
            depth = settings.Depth;
            inputs = new short[settings.Capacity * depth];
            labels = new byte[settings.Capacity];
            nearest = new long[settings.Neighbours];
            nearestLabels = new byte[settings.Neighbours];
        }

        /// <summary>Samples that are stored.</summary>
        public int Count { get; private set; }

        /// <summary>Hidden vectors, one after the other.</summary>
        public short[] Inputs
        {
            get { return inputs; }
        }

        /// <summary>The class of a sample.</summary>
        public int Label(int index)
        {
            return labels[index];
        }

        /// <summary>Bytes that one takes in a state file.</summary>
        public static int Bytes(HeadSettings settings)
        {
            return 2 + (settings.Capacity * (1 + (settings.Depth * (settings.IsWide ? 2 : 1))));
        }

        public void Reset()
        {
            Count = 0;
        }

        /// <summary>Stores a sample.</summary>
        public void Add(short[] input, int label)
        {
            if (labels.Length == 0)
            {
                return;
            }

            if (Count == labels.Length)
            {
                Remove(OldestOfMost());
            }

            Array.Copy(input, 0, inputs, Count * depth, depth);
            labels[Count] = (byte)label;
            Count++;
        }

        /// <summary>The class that most of the nearest samples have, of equal ones that of the nearest; the self-test vectors that have a class are samples too.</summary>
        /// <param name="input">A hidden vector.</param>
        /// <param name="tests">Hidden vectors of the self-test.</param>
        /// <param name="testLabels">Their classes.</param>
        /// <param name="votes">How many of the neighbours have it.</param>
        public int Vote(short[] input, short[] tests, byte[] testLabels, out int votes)
        {
            int found = 0;
            for (int i = 0; i < testLabels.Length; i++)
            {
                found = Keep(Distance.Squared(input, tests, i * depth, depth), testLabels[i], found);
            }

            for (int i = 0; i < Count; i++)
            {
                found = Keep(Distance.Squared(input, inputs, i * depth, depth), labels[i], found);
            }

            int best = 0;
            votes = 0;
            for (int i = 0; i < found; i++)
            {
                int count = 0;
                for (int k = 0; k < found; k++)
                {
                    count += nearestLabels[k] == nearestLabels[i] ? 1 : 0;
                }

                if (count > votes)
                {
                    votes = count;
                    best = nearestLabels[i];
                }
            }

            return best;
        }

        public void Write(StateBytes state)
        {
            state.WriteShort(Count);
            for (int i = 0; i < labels.Length; i++)
            {
                state.WriteByte(i < Count ? labels[i] : HeadSettings.NoClass);
                for (int k = i * depth; k < (i + 1) * depth; k++)
                {
                    int value = i < Count ? inputs[k] : 0;
                    if (settings.IsWide)
                    {
                        state.WriteShort(value);
                    }
                    else
                    {
                        state.WriteByte(i < Count ? value + settings.ZeroPoint : 0);
                    }
                }
            }
        }

        /// <summary>Takes what was written, or says what is wrong with it.</summary>
        /// <param name="state">Where it is.</param>
        /// <param name="classes">Classes that a sample may have.</param>
        public string Read(StateBytes state, int classes)
        {
            Count = state.ReadShort();
            if (Count > labels.Length)
            {
                Count = 0;
                return "it has more samples than are stored";
            }

            for (int i = 0; i < labels.Length; i++)
            {
                labels[i] = (byte)state.ReadByte();
                if (i < Count ? labels[i] >= classes : labels[i] != HeadSettings.NoClass)
                {
                    Count = 0;
                    return "a stored sample has a class that does not exist";
                }

                for (int k = i * depth; k < (i + 1) * depth; k++)
                {
                    inputs[k] = (short)(settings.IsWide ? state.ReadShort() : (sbyte)state.ReadByte() - settings.ZeroPoint);
                }
            }

            return null;
        }

        private int OldestOfMost()
        {
            int most = 0;
            int oldest = 0;
            for (int i = 0; i < Count; i++)
            {
                int count = 0;
                for (int k = i; k < Count; k++)
                {
                    count += labels[k] == labels[i] ? 1 : 0;
                }

                // The first of a class counts all of it.
                if (count > most)
                {
                    most = count;
                    oldest = i;
                }
            }

            return oldest;
        }

        private void Remove(int index)
        {
            int after = Count - index - 1;
            Array.Copy(inputs, (index + 1) * depth, inputs, index * depth, after * depth);
            Array.Copy(labels, index + 1, labels, index, after);
            Count--;
        }

        // Nearest first; of equal ones the earlier.
        private int Keep(long distance, int label, int found)
        {
            int at = found < nearest.Length ? found : nearest.Length - 1;
            if (found == nearest.Length && distance >= nearest[at])
            {
                return found;
            }

            for (; at > 0 && distance < nearest[at - 1]; at--)
            {
                nearest[at] = nearest[at - 1];
                nearestLabels[at] = nearestLabels[at - 1];
            }

            nearest[at] = distance;
            nearestLabels[at] = (byte)label;
            return found < nearest.Length ? found + 1 : found;
        }
    }
}
