namespace EdgeInference.Nano.Learning.DeviceTests
{
    /// <summary>Labelled samples that a device and a PC make alike: each class lies around a point of its own, with noise, and all drift.</summary>
    internal sealed class LearningSamples
    {
        /// <summary>Samples of a run.</summary>
        internal const int Count = 1000;

        private readonly Noise noise = new Noise(22);
        private int index;

        internal LearningSamples(int inputs)
        {
            Input = new float[inputs];
        }

        /// <summary>The values of the last sample.</summary>
        internal readonly float[] Input;

        /// <summary>Whether a class is added before a sample.</summary>
        internal static bool AddsClass(int sample)
        {
            return sample == 300 || sample == 600;
        }

        /// <summary>Whether a decision is asked for after a sample.</summary>
        internal static bool Asks(int sample)
        {
            return sample % 20 == 19;
        }

        /// <summary>Whether samples of a class are normal.</summary>
        internal static bool IsNormal(int label)
        {
            return label == 0;
        }

        /// <summary>Fills <see cref="Input"/>.</summary>
        /// <param name="classes">Classes that there are.</param>
        /// <returns>The label.</returns>
        internal int Next(int classes)
        {
            int label = noise.Next(8) % classes;
            for (int i = 0; i < Input.Length; i++)
            {
                // Multiples of 1/512: exact in float32.
                int center = ((i + label) % 3 == 0 ? 512 : -256) + (label * 100);
                Input[i] = (center + noise.Next(9) - 256 + (index / 8)) / 512f;
            }

            index++;
            return label;
        }

        /// <summary>One of four corners.</summary>
        internal static float[] Xor(int corner)
        {
            return new float[] { corner & 1, corner >> 1 };
        }

        internal static int XorLabel(int corner)
        {
            return (corner & 1) ^ (corner >> 1);
        }
    }
}
