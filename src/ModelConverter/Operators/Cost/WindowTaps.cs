namespace EdgeInference.ModelConverter.Operators.Cost;

/// <summary>Taps of the windows over an axis that lie within it.</summary>
internal static class WindowTaps
{
    /// <summary>Taps of all places together, each at most <paramref name="kernel"/>.</summary>
    /// <param name="size">Size of the axis that windows lie over.</param>
    /// <param name="places">Number of windows.</param>
    /// <param name="kernel">Taps of a window.</param>
    /// <param name="stride">From one window to the next.</param>
    /// <param name="dilation">From one tap to the next.</param>
    /// <param name="pad">Before the axis.</param>
    internal static double Within(int size, int places, int kernel, int stride, int dilation, int pad)
    {
        double count = 0;
        for (int place = 0; place < places; place++)
        {
            for (int tap = 0; tap < kernel; tap++)
            {
                int at = (place * stride) + (tap * dilation) - pad;
                count += at >= 0 && at < size ? 1 : 0;
            }
        }

        return count;
    }
}
