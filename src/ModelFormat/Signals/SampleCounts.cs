using System;

namespace EdgeInference.ModelFormat.Signals
{
    /// <summary>Values in a sensor's unit as counts.</summary>
    internal static class SampleCounts
    {
        /// <summary>value / size to the nearest integer, halves to the even one, saturated to int16.</summary>
        /// <param name="value">In the sensor's unit.</param>
        /// <param name="size">What one count is in that unit, above 0.</param>
        /// <exception cref="ArgumentException">The value is NaN.</exception>
        public static short Of(float value, float size)
        {
            double ratio = (double)value / size;
#pragma warning disable CS1718 // Only this tells a NaN on nanoFramework.
            if (value != value)
#pragma warning restore CS1718
            {
                throw new ArgumentException("A sample is not a number; leave it out and reset the pipeline, whose windows span no gap.");
            }

            if (32767 < ratio)
            {
                return short.MaxValue;
            }

            if (ratio < -32768)
            {
                return short.MinValue;
            }

            int count = (int)ratio;
            double rest = ratio - count;
            bool isOdd = (count & 1) != 0;
            if (0.5 < rest || (rest == 0.5 && isOdd))
            {
                count++;
            }
            else if (rest < -0.5 || (rest == -0.5 && isOdd))
            {
                count--;
            }

            return (short)count;
        }
    }
}
