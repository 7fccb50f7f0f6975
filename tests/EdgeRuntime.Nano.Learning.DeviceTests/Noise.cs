namespace EdgeInference.Nano.Learning.DeviceTests
{
    /// <summary>
    /// Numbers that a device and a PC make alike: a linear congruence (Numerical Recipes' constants), whose upper bits are used. All in int:
    /// nanoFramework's interpreter goes on computing without a sign where a uint is cast to int.
    /// </summary>
    internal sealed class Noise
    {
        private int state;

        internal Noise(int seed)
        {
            state = seed;
        }

        /// <summary>0 to below 2 to <paramref name="bits"/>, of which there are 1 to 30.</summary>
        internal int Next(int bits)
        {
            state = (state * 1664525) + 1013904223;
            return (state >> (32 - bits)) & ((1 << bits) - 1);
        }
    }
}
