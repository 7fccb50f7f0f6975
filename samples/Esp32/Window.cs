using System;

namespace Esp32
{
    /// <summary>The last samples as the model's int8 input, oldest first.</summary>
    public sealed class Window
    {
        // 16,384 counts are 1 g, and the model's input scale is 1/64 g: one step is 256 counts.
        private const int StepBits = 8;
        private const int HalfStep = 1 << (StepBits - 1);

        private readonly sbyte[] values;
        private int count;

        /// <summary>Creates a window.</summary>
        /// <param name="length">Values that the model takes, a multiple of 2 · Accelerometer.Axes.</param>
        public Window(int length)
        {
            values = new sbyte[length];
        }

        /// <summary>The values, to be read where the window is full.</summary>
        public sbyte[] Values
        {
            get { return values; }
        }

        /// <summary>Whether the window holds as many values as the model takes.</summary>
        public bool IsFull
        {
            get { return count == values.Length; }
        }

        /// <summary>Adds a sample, each count rounded to the model's step and clamped to int8.</summary>
        public void Add(short[] sample)
        {
            for (int i = 0; i < sample.Length; i++)
            {
                int value = (sample[i] + HalfStep) >> StepBits;
                values[count] = (sbyte)(value < -128 ? -128 : value > 127 ? 127 : value);
                count++;
            }
        }

        /// <summary>Forgets everything, as after a gap between samples.</summary>
        public void Clear()
        {
            count = 0;
        }

        /// <summary>Forgets the older half, so that the next decision overlaps this one.</summary>
        public void Slide()
        {
            int half = count / 2;
            Array.Copy(values, half, values, 0, count - half);
            count -= half;
        }
    }
}
