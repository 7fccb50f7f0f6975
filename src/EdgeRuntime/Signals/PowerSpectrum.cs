using System.Numerics;

namespace EdgeInference.Runtime.Signals;

/// <summary>
/// Power of a signal by frequency: the periodogram of the mean-free signal under a Hann window, by a radix-2 FFT in
/// float32 whose operations have one fixed order, so that every machine gives the same bits.
/// </summary>
public sealed class PowerSpectrum
{
    private readonly float[] hann;
    private readonly float[] cosines;
    private readonly float[] sines;
    private readonly float[] real;
    private readonly float[] imaginary;
    private readonly int[] reversed;
    private readonly float scale;

    /// <summary>Prepares tables and scratch.</summary>
    /// <param name="length">Samples of the signal, 4 to 65,536; it is padded with zeros to the next power of two.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is out of range.</exception>
    public PowerSpectrum(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 4);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, 65536);
        Length = length;
        int points = (int)BitOperations.RoundUpToPowerOf2((uint)length);
        Bins = points / 2;
        hann = new float[length];
        float energy = 0;
        for (int i = 0; i < length; i++)
        {
            hann[i] = 0.5f - (0.5f * Trigonometry.Cosine(i, length));
            energy += hann[i] * hann[i];
        }

        // One-sided: each bin stands for itself and its mirror image.
        scale = 2f / (energy * points);
        cosines = new float[points / 2];
        sines = new float[points / 2];
        for (int i = 0; i < points / 2; i++)
        {
            cosines[i] = Trigonometry.Cosine(i, points);
            sines[i] = -Trigonometry.Sine(i, points);
        }

        real = new float[points];
        imaginary = new float[points];
        reversed = new int[points];
        int bits = BitOperations.Log2((uint)points);
        for (int i = 1; i < points; i++)
        {
            reversed[i] = (reversed[i >> 1] >> 1) | ((i & 1) << (bits - 1));
        }
    }

    /// <summary>Samples of the signal.</summary>
    public int Length { get; }

    /// <summary>Number of bins: half the points of the FFT. Bin k is around the frequency (k + 1) · sample rate / (2 · bins).</summary>
    public int Bins { get; }

    /// <summary>Computes the power in each bin.</summary>
    /// <param name="signal"><see cref="Length"/> values, in any unit u.</param>
    /// <param name="power">Room for <see cref="Bins"/> values in u²; their sum is about the signal's variance.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public void Compute(ReadOnlySpan<float> signal, Span<float> power)
    {
        if (signal.Length != Length || power.Length < Bins)
        {
            throw new ArgumentException($"The spectrum takes {Length} values and returns {Bins}; it was given {signal.Length} values and room for {power.Length}.");
        }

        float sum = 0;
        foreach (float value in signal)
        {
            sum += value;
        }

        float mean = sum / Length;
        Array.Clear(real);
        Array.Clear(imaginary);
        for (int i = 0; i < Length; i++)
        {
            real[reversed[i]] = (signal[i] - mean) * hann[i];
        }

        Transform();
        for (int k = 0; k < Bins; k++)
        {
            float re = real[k + 1];
            float im = imaginary[k + 1];

            // The last bin is the Nyquist frequency, which has no mirror image.
            float density = ((re * re) + (im * im)) * scale;
            power[k] = k == Bins - 1 ? density * 0.5f : density;
        }
    }

    // Cooley and Tukey (1965), decimation in time, on values in bit-reversed order.
    private void Transform()
    {
        int points = real.Length;
        for (int half = 1; half < points; half *= 2)
        {
            int step = points / (2 * half);
            for (int start = 0; start < points; start += 2 * half)
            {
                for (int k = 0; k < half; k++)
                {
                    int a = start + k;
                    int b = a + half;
                    float c = cosines[k * step];
                    float s = sines[k * step];
                    float re = (real[b] * c) - (imaginary[b] * s);
                    float im = (real[b] * s) + (imaginary[b] * c);
                    real[b] = real[a] - re;
                    imaginary[b] = imaginary[a] - im;
                    real[a] += re;
                    imaginary[a] += im;
                }
            }
        }
    }
}
