namespace EdgeInference.Nano.Learning.DeviceTests
{
    /// <summary>
    /// A signal with everything that a sensor can give, one kind after the other: full noise, little noise, a tone, both ends of the range
    /// in turn, silence, one value, a ramp.
    /// </summary>
    internal sealed class TestSignal
    {
        private const int Kinds = 7;

        private readonly Noise noise;
        private readonly int length;
        private int index;

        /// <param name="length">Samples of each kind.</param>
        internal TestSignal(int length)
        {
            this.length = length;
            noise = new Noise(length);
        }

        /// <summary>The next sample of all channels.</summary>
        internal void Next(short[] sample)
        {
            int kind = (index / length) % Kinds;
            for (int channel = 0; channel < sample.Length; channel++)
            {
                sample[channel] = (short)Count(kind, channel);
            }

            index++;
        }

        private int Count(int kind, int channel)
        {
            switch (kind)
            {
                case 0: return noise.Next(16) - 32768;
                case 1: return noise.Next(3) - 4 + (100 * channel);
                case 2: return Triangle(channel) + noise.Next(6) - 32;
                case 3: return ((index >> (2 + channel)) & 1) == 0 ? short.MinValue : short.MaxValue;
                case 4: return 0;
                case 5: return short.MinValue + channel;
                default: return ((index % length) * 7) - (1000 * channel);
            }
        }

        private int Triangle(int channel)
        {
            int period = 12 + (5 * channel);
            int at = index % period;
            return ((2 * at < period ? at : period - at) * 1600) - 5000;
        }
    }
}
